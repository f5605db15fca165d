#include "modules/log_analytics/intake/bulk_intake.h"

#include <optional>

#include "modules/log_analytics/intake/json_rows.h"
#include "modules/log_analytics/intake/lines.h"

namespace jebi::log_analytics {

namespace {

using Action = BulkItem::Action;

std::string_view name(Action action) {
    switch (action) {
        case Action::index:
            return "index";
        case Action::create:
            return "create";
        case Action::update:
            return "update";
        case Action::remove:
            return "delete";
    }
    return "";
}

std::optional<Action> action_from(std::string_view text) {
    for (const auto action : {Action::index, Action::create, Action::update, Action::remove}) {
        if (name(action) == text) return action;
    }
    return std::nullopt;
}

// Reads {"create": {"_index": "logs", "_id": "1"}}.
class ActionLine final : public json::Visitor {
public:
    BulkItem item;

    bool is_action() const { return known_ && keys_ == 1; }

    void begin_object() override { ++depth_; }
    void end_object() override { --depth_; }
    void key(std::string_view name) override {
        if (depth_ == 1) {
            ++keys_;
            const auto action = action_from(name);
            known_ = action.has_value();
            item.action = action.value_or(Action::index);
        }
        key_ = depth_ == 2 ? name : std::string_view{};
    }
    void text(std::string_view value) override {
        if (key_ == "_index") item.index = value;
        if (key_ == "_id") item.id = value;
    }
    void integer(std::int64_t value) override {
        if (key_ == "_id") item.id = std::to_string(value);
    }
    bool begin_array() override { return false; }
    void end_array() override {}
    void array_text(std::string_view) override {}
    void long_integer(std::string_view) override {}
    void number(double) override {}
    void flag(bool) override {}
    void null() override {}

private:
    std::size_t depth_ = 0, keys_ = 0;
    bool known_ = false;
    std::string_view key_;
};

class Taker {
public:
    Taker(std::string_view index, WallMs arrived) : index_(index), arrived_(arrived) {}

    Result<Bulk> take(std::string_view body) {
        for (std::size_t number = 1; !body.empty(); ++number) {
            const auto line = next_line(body);
            if (line.empty()) continue;
            TRY(BulkItem item, action_in(line, number));
            if (bulk_.items.size() == Bulk::items_max) {
                return fail(Code::exhausted,
                            "A bulk request has at most " + std::to_string(Bulk::items_max) + " actions.");
            }
            if (item.action != Action::remove) {
                if (body.empty()) return bad_line(number, "the line with its event is missing");
                ++number;
                take_event(item, next_line(body));
            } else {
                refuse(item);
            }
            bulk_.items.push_back(std::move(item));
        }
        return std::move(bulk_);
    }

private:
    static std::unexpected<Error> bad_line(std::size_t number, const std::string& why) {
        return fail(
            error(Code::invalid, "Line " + std::to_string(number) + " of the bulk request: " + why + ".")
                .because("bad_action"));
    }

    Result<BulkItem> action_in(std::string_view line, std::size_t number) {
        ActionLine action;
        if (!reader_.read(line, action) || !action.is_action()) {
            return bad_line(number, "this is no action: expected {\"create\": {...}} or {\"index\": {...}}");
        }
        if (action.item.index.empty()) action.item.index = index_;
        return std::move(action.item);
    }

    void refuse(BulkItem& item) {
        item.why = "Log events are not changed: only \"create\" and \"index\" are taken.";
        bulk_.batch.refuse(item.why);
    }

    void take_event(BulkItem& item, std::string_view line) {
        if (item.action == Action::update) return refuse(item);
        RowMaker& maker = rows_.maker();
        maker.begin(arrived_);
        rows_.expect_fields("", true);
        if (const auto status = reader_.read(line, rows_); !status) rows_.broken(status.error());
        if (bulk_.batch.rows.fields_of_row() == 0) maker.refuse("The event has no content.");
        const std::string_view index = item.index, separator = index.empty() ? "" : "/";
        if (!index.empty()) maker.add_or("_index", "", index);
        if (!item.id.empty())
            maker.add_or("event_id", "",
                         std::string_view{std::string(index).append(separator).append(item.id)});
        if (!maker.end()) item.why = bulk_.batch.refused_last;
    }

    std::string_view index_;
    WallMs arrived_;
    Bulk bulk_;
    JsonRows rows_{bulk_.batch};
    json::Reader reader_;
};

void write_item(json::Writer& out, const BulkItem& item) {
    out.begin_object().key(name(item.action)).begin_object();
    if (!item.index.empty()) out.key("_index").string(item.index);
    if (!item.id.empty()) out.key("_id").string(item.id);
    out.key("status").integer(item.why.empty() ? 201 : 400);
    if (item.why.empty()) {
        out.key("result").string("created");
    } else {
        out.key("error").begin_object();
        out.key("type").string("document_parsing_exception").key("reason").string(item.why).end_object();
    }
    out.end_object().end_object();
}

}  // namespace

Result<Bulk> take_bulk(std::string_view body, std::string_view index, WallMs arrived) {
    return Taker{index, arrived}.take(body);
}

std::string bulk_answer(const Bulk& bulk, Millis took) {
    json::Writer out;
    out.begin_object().key("took").integer(took.count());
    out.key("errors").boolean(bulk.batch.refused > 0).key("items").begin_array();
    for (const auto& item : bulk.items)
        write_item(out, item);
    out.end_array().end_object();
    return out.take();
}

}  // namespace jebi::log_analytics
