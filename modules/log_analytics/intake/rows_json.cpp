#include "modules/log_analytics/intake/rows_json.h"

#include "kit/base/json.h"

namespace jebi::log_analytics {

namespace {

void append_row(json::Writer& out, const RowsReader& row) {
    out.begin_object().key("ts").integer(row.ts_ms());
    for (const RowsReader::Value& value : row.values()) {
        const RowsReader::Name& name = row.names()[value.field];
        out.key(name.name);
        switch (name.kind) {
            case Kind::text:
                out.string(value.text);
                break;
            case Kind::integer:
                out.integer(value.integer);
                break;
            case Kind::number:
                out.number(value.number);
                break;
            case Kind::flag:
                out.boolean(value.integer != 0);
                break;
        }
    }
    out.end_object();
}

}  // namespace

std::string as_json_lines(const Rows& rows) {
    std::string lines;
    RowsReader reader = RowsReader::of(rows);
    while (reader.next()) {
        json::Writer out;
        append_row(out, reader);
        lines += out.take();
        lines += '\n';
    }
    return lines;
}

}  // namespace jebi::log_analytics
