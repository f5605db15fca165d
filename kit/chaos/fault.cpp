#include "kit/chaos/fault.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "kit/base/json.h"
#include "kit/base/nearest.h"

namespace jebi::chaos {

namespace {

constexpr std::array kinds{Kind::kill, Kind::pause,   Kind::slow,     Kind::error,
                           Kind::cut,  Kind::garbage, Kind::disk_full};
// The errors of others that a caller has to be ready for.
constexpr std::array codes{Code::unavailable, Code::internal, Code::deadline, Code::exhausted};
constexpr std::array<std::string_view, 8> keys{"fault", "ms",   "for_ms",  "share",
                                               "seed",  "side", "service", "code"};

std::unexpected<Error> refuse(std::string why, std::string field) {
    return fail(error(Code::invalid, std::move(why)).because("bad_fault").at(std::move(field)));
}

std::string bounds(Millis max) {
    return " is 1 to " + std::to_string(max.count()) + " milliseconds.";
}

std::unexpected<Error> unknown(std::string_view what, std::string_view given,
                               const std::vector<std::string>& known, std::string field) {
    const auto meant = nearest(given, known);
    return refuse("There is no " + std::string(what) + " \"" + std::string(given) + "\"." +
                      (meant ? " Did you mean \"" + *meant + "\"?" : ""),
                  std::move(field));
}

template <typename Values, typename Name>
std::vector<std::string> names_of(const Values& values, Name name) {
    std::vector<std::string> names;
    std::ranges::transform(values, std::back_inserter(names),
                           [&](auto value) { return std::string(name(value)); });
    return names;
}

Result<Code> code_from(std::string_view given) {
    const auto found = std::ranges::find(codes, given, [](Code code) { return jebi::name(code); });
    if (found != codes.end()) return *found;
    return unknown("code", given, names_of(codes, [](Code code) { return jebi::name(code); }), "code");
}

Result<Side> side_from(std::string_view given) {
    if (given == "serving") return Side::serving;
    if (given == "calling") return Side::calling;
    return unknown("side", given, {"serving", "calling"}, "side");
}

// Members by name; what is there must be of its kind.
class Members {
public:
    explicit Members(const json::Value& value) : value_(value) {}

    Result<std::optional<std::string>> text(std::string_view name) const {
        const auto* member = value_.find(name);
        if (member == nullptr) return std::nullopt;
        if (member->text() == nullptr) return refuse("It is a text.", std::string(name));
        return *member->text();
    }
    Result<std::optional<std::int64_t>> integer(std::string_view name) const {
        const auto* member = value_.find(name);
        if (member == nullptr) return std::nullopt;
        if (!member->integer()) return refuse("It is a whole number.", std::string(name));
        return member->integer();
    }
    Result<std::optional<double>> number(std::string_view name) const {
        const auto* member = value_.find(name);
        if (member == nullptr) return std::nullopt;
        if (const auto whole = member->integer()) return static_cast<double>(*whole);
        if (const auto* number = std::get_if<double>(&member->data)) return *number;
        return refuse("It is a number.", std::string(name));
    }

private:
    const json::Value& value_;
};

Result<void> knows_all(const json::Value::Object& members) {
    for (const auto& [key, value] : members) {
        if (std::ranges::find(keys, key) != keys.end()) continue;
        return unknown("member", key, {keys.begin(), keys.end()}, key);
    }
    return {};
}

Result<void> read_words(const Members& members, Fault& fault) {
    TRY(const auto kind, members.text("fault"));
    if (!kind) return refuse("Which fault is it?", "fault");
    TRY(fault.kind, kind_from(*kind));
    TRY(const auto side, members.text("side"));
    if (side) {
        TRY(fault.side, side_from(*side));
    }
    TRY(const auto code, members.text("code"));
    if (code) {
        TRY(fault.code, code_from(*code));
    }
    TRY(auto service, members.text("service"));
    fault.service = std::move(service).value_or("");
    return {};
}

Result<void> read_numbers(const Members& members, Fault& fault) {
    TRY(const auto delay, members.integer("ms"));
    TRY(const auto lasts, members.integer("for_ms"));
    TRY(const auto share, members.number("share"));
    TRY(const auto seed, members.integer("seed"));
    fault.delay = Millis{delay.value_or(0)};
    fault.lasts = Millis{lasts.value_or(0)};
    fault.share = share.value_or(1);
    fault.seed = static_cast<std::uint64_t>(seed.value_or(1));
    return {};
}

}  // namespace

std::span<const Kind> all_kinds() {
    return kinds;
}

std::string_view name(Kind kind) {
    switch (kind) {
        case Kind::kill:
            return "kill";
        case Kind::pause:
            return "pause";
        case Kind::slow:
            return "slow";
        case Kind::error:
            return "error";
        case Kind::cut:
            return "cut";
        case Kind::garbage:
            return "garbage";
        case Kind::disk_full:
            return "disk-full";
    }
    std::unreachable();
}

Result<Kind> kind_from(std::string_view given) {
    const auto found = std::ranges::find(kinds, given, [](Kind kind) { return name(kind); });
    if (found != kinds.end()) return *found;
    return unknown("fault", given, names_of(kinds, [](Kind kind) { return name(kind); }), "fault");
}

Result<void> check(const Fault& fault) {
    if (fault.kind != Kind::kill && (fault.lasts < Millis{1} || fault.lasts > lasts_max))
        return refuse("How long it lasts" + bounds(lasts_max), "for_ms");
    if (fault.kind == Kind::slow && (fault.delay < Millis{1} || fault.delay > delay_max))
        return refuse("The delay" + bounds(delay_max), "ms");
    if (!(fault.share > 0 && fault.share <= 1))
        return refuse("The share of the calls is above 0 and at most 1.", "share");
    if (fault.service.size() > service_bytes_max) return refuse("No contract has a name so long.", "service");
    return {};
}

Result<Fault> fault_from(std::string_view json) {
    TRY(const json::Value value, json::parse(json));
    if (value.object() == nullptr) return refuse("A fault is a JSON object.", "");
    TRY_VOID(knows_all(*value.object()));
    Fault fault;
    TRY_VOID(read_words(Members{value}, fault));
    TRY_VOID(read_numbers(Members{value}, fault));
    TRY_VOID(check(fault));
    return fault;
}

std::string json_of(const Fault& fault) {
    json::Writer out;
    out.begin_object().key("fault").string(name(fault.kind));
    out.key("for_ms").integer(fault.lasts.count()).key("share").number(fault.share);
    out.key("seed").integer(static_cast<std::int64_t>(fault.seed));
    out.key("side").string(fault.side == Side::serving ? "serving" : "calling");
    if (fault.kind == Kind::slow) out.key("ms").integer(fault.delay.count());
    if (fault.kind == Kind::error) out.key("code").string(jebi::name(fault.code));
    if (!fault.service.empty()) out.key("service").string(fault.service);
    return out.end_object().take();
}

}  // namespace jebi::chaos
