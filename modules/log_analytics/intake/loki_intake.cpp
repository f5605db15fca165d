#include "modules/log_analytics/intake/loki_intake.h"

#include "modules/log_analytics/intake/json_rows.h"
#include "modules/log_analytics/intake/times.h"

namespace jebi::log_analytics {

namespace {

using json::Value;
constexpr std::string_view suffix = "_extracted";

std::unexpected<Error> refused(const char* why) {
    return fail(
        error(Code::invalid, std::string("This is no Loki push request: ") + why + ".").because("bad_push"));
}

class Taker {
public:
    Result<Batch> take(const Value& root) {
        const Value* streams = root.find("streams");
        if (streams == nullptr || streams->array() == nullptr)
            return refused("\"streams\" is missing, or no array");
        for (const Value& stream : *streams->array()) {
            const Value* values = stream.find("values");
            if (values == nullptr || values->array() == nullptr)
                return refused("a stream has no array \"values\"");
            const Value* labels = stream.find("stream");
            if (labels != nullptr && labels->object() == nullptr)
                return refused("a \"stream\" is no object of labels");
            for (const Value& value : *values->array())
                take_value(value, labels);
        }
        return std::move(batch_);
    }

private:
    void take_value(const Value& value, const Value* labels) {
        const auto* parts = value.array();
        const bool whole = parts != nullptr && parts->size() >= 2 && (*parts)[0].text() != nullptr &&
                           (*parts)[1].text() != nullptr;
        if (!whole) return batch_.refuse("A value is an array: [\"time in nanoseconds\", \"line\"].");
        const auto time = time_of(std::string_view{*(*parts)[0].text()});
        if (!time)
            return batch_.refuse("The time " + quoted(*(*parts)[0].text()) + " is none in nanoseconds.");
        const Value* metadata = parts->size() > 2 ? &(*parts)[2] : nullptr;
        const std::string& line = *(*parts)[1].text();
        if (line.starts_with('{') && take_row(*time, labels, line, true, metadata)) return;
        take_row(*time, labels, line, false, metadata);
    }

    // False: the line is not what it was taken for.
    bool take_row(WallMs time, const Value* labels, const std::string& line, bool as_json,
                  const Value* metadata) {
        maker().begin(time);
        add_texts(labels);
        if (!as_json) {
            maker().add_or("message", suffix, std::string_view{line});
        } else {
            rows_.expect_fields(suffix, false);
            if (!reader_.read(line, rows_) || maker().is_refused()) {
                maker().abandon();
                return false;
            }
        }
        add_texts(metadata);
        maker().end();
        return true;
    }

    // Labels and metadata are objects of texts.
    void add_texts(const Value* object) {
        if (object == nullptr || object->object() == nullptr) return;
        for (const auto& [name, value] : *object->object()) {
            if (value.text() == nullptr) return maker().refuse("The label " + quoted(name) + " is no text.");
            maker().add_or(name, suffix, std::string_view{*value.text()});
        }
    }

    RowMaker& maker() { return rows_.maker(); }

    Batch batch_;
    JsonRows rows_{batch_};
    json::Reader reader_;
};

}  // namespace

Result<Batch> take_loki(std::string_view body) {
    TRY(const Value root, json::parse(body));
    return Taker{}.take(root);
}

}  // namespace jebi::log_analytics
