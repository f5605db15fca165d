// min, max and any.
#include "modules/log_analytics/query/aggregates_made.h"
#include "modules/log_analytics/query/value_order.h"

namespace jebi::log_analytics::query {

namespace {

class Extreme final : public Aggregate {
public:
    explicit Extreme(const Measure& measure) : kind_(measure.kind), type_(measure.type) {}

    void add(const GroupsOfRows& rows, const Vector* values) override {
        grow(rows.count);
        for (std::size_t i = 0; i < rows.rows; ++i)
            if (!values->is_absent(i)) offer(rows[i], values->value(i));
    }
    void merge(Aggregate& other, std::span<const std::uint32_t> group_of) override {
        const auto& values = static_cast<Extreme&>(other).values_;
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (values[i].is_null()) continue;
            if (values_.size() <= group_of[i]) grow(group_of[i] + 1);
            offer(group_of[i], values[i]);
        }
    }
    Vector result(std::size_t groups, const SeveralThreads&) override {
        grow(groups);
        std::vector<std::uint8_t> absent(groups);
        for (std::size_t i = 0; i < groups; ++i)
            absent[i] = values_[i].is_null();
        if (type_ == Type::text) return texts_of(groups);
        if (type_ == Type::nothing) return constant_vector({});
        std::vector<std::int64_t> wholes(type_ == Type::number ? 0 : groups);
        std::vector<double> numbers(type_ == Type::number ? groups : 0);
        for (std::size_t i = 0; i < groups; ++i) {
            if (absent[i] != 0) continue;
            if (type_ == Type::number) {
                numbers[i] = values_[i].number();
            } else {
                wholes[i] = values_[i].integer();
            }
        }
        if (type_ == Type::number) return number_vector(std::move(numbers), std::move(absent));
        return whole_vector(type_, std::move(wholes), std::move(absent));
    }
    std::size_t bytes() const override {
        return values_.capacity() * (sizeof(Value) + sizeof(std::string)) + text_bytes_;
    }

private:
    void grow(std::size_t groups) {
        values_.resize(groups);
        if (type_ == Type::text) texts_.resize(groups);
    }
    bool is_better(const Value& value, const Value& than) const {
        if (than.is_null()) return true;
        if (kind_ == Measure::Kind::first) return false;
        const auto order = ordered(value, than);
        return kind_ == Measure::Kind::smallest ? order < 0 : order > 0;
    }
    void offer(std::size_t group, const Value& value) {
        if (!is_better(value, values_[group])) return;
        values_[group] = value;
        if (type_ != Type::text) return;
        auto& text = texts_[group];
        if (!text) text = std::make_unique<std::string>();
        text_bytes_ += value.text().size();
        text_bytes_ -= text->size();
        text->assign(value.text());
        values_[group] = Value::text(*text);
    }
    Vector texts_of(std::size_t groups) const {
        const auto texts = std::make_shared<Texts>();
        std::vector<std::uint32_t> codes(groups);
        for (std::size_t i = 0; i < groups; ++i)
            if (!values_[i].is_null()) codes[i] = texts->add(values_[i].text());
        return text_vector(std::move(codes), texts);
    }

    Measure::Kind kind_;
    Type type_;
    std::vector<Value> values_;
    std::vector<std::unique_ptr<std::string>> texts_;  // what text values lie in; stay where they are
    std::size_t text_bytes_ = 0;
};

}  // namespace

std::unique_ptr<Aggregate> make_extreme(const Measure& measure) {
    return std::make_unique<Extreme>(measure);
}

}  // namespace jebi::log_analytics::query
