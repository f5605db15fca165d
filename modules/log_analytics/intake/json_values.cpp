#include "modules/log_analytics/intake/json_values.h"

namespace jebi::log_analytics {

namespace {

struct Write {
    json::Writer& out;

    void operator()(std::nullptr_t) const { out.null(); }
    void operator()(bool value) const { out.boolean(value); }
    void operator()(std::int64_t value) const { out.integer(value); }
    void operator()(std::uint64_t value) const { out.id(value); }
    void operator()(double value) const { out.number(value); }
    void operator()(const std::string& value) const { out.string(value); }
    void operator()(const json::Value::Array& items) const {
        out.begin_array();
        for (const auto& item : items)
            std::visit(*this, item.data);
        out.end_array();
    }
    void operator()(const json::Value::Object& members) const {
        out.begin_object();
        for (const auto& [key, member] : members) {
            out.key(key);
            std::visit(*this, member.data);
        }
        out.end_object();
    }
};

}  // namespace

std::string compact(const json::Value& value) {
    json::Writer out;
    std::visit(Write{out}, value.data);
    return out.take();
}

}  // namespace jebi::log_analytics
