#include "kit/rpc/contract/breaking.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <algorithm>
#include <set>

#include "kit/rpc/contract/descriptors.h"

namespace jebi::contract {

namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::MethodOptions;
using google::protobuf::OneofDescriptor;
using google::protobuf::ServiceDescriptor;

using Findings = std::vector<Finding>;

std::string quoted(const std::string& name) {
    return '"' + name + '"';
}

std::string was_and_is(const std::string& before, const std::string& after) {
    return "was " + before + " and is " + after;
}

// ---- Services ----

// How much callers may rely on: the more, the higher.
int promise(const MethodDescriptor& method) {
    switch (method.options().idempotency_level()) {
        case MethodOptions::NO_SIDE_EFFECTS:
            return 2;
        case MethodOptions::IDEMPOTENT:
            return 1;
        case MethodOptions::IDEMPOTENCY_UNKNOWN:
            break;
    }
    return 0;
}

const std::string& promise_name(const MethodDescriptor& method) {
    return MethodOptions::IdempotencyLevel_Name(method.options().idempotency_level());
}

void compare_types(const MethodDescriptor& before, const MethodDescriptor& after, Findings& found) {
    const auto check = [&](const char* rule, const char* what, const Descriptor& old, const Descriptor& now) {
        if (old.full_name() == now.full_name()) return;
        found.push_back({rule, before.full_name(),
                         std::string("Its ") + what + " " + was_and_is(old.full_name(), now.full_name()) +
                             ": one side reads a message that the other has not written."});
    };
    check("RPC_SAME_REQUEST_TYPE", "request", *before.input_type(), *after.input_type());
    check("RPC_SAME_RESPONSE_TYPE", "reply", *before.output_type(), *after.output_type());
}

void compare_streaming(const MethodDescriptor& before, const MethodDescriptor& after, Findings& found) {
    const auto check = [&](const char* rule, const char* what, bool old, bool now) {
        if (old == now) return;
        found.push_back({rule, before.full_name(),
                         std::string("Its ") + what +
                             (now ? " has become a stream" : " is no stream any more") +
                             ": the two sides speak different protocols."});
    };
    check("RPC_SAME_CLIENT_STREAMING", "request", before.client_streaming(), after.client_streaming());
    check("RPC_SAME_SERVER_STREAMING", "reply", before.server_streaming(), after.server_streaming());
}

void compare(const MethodDescriptor& before, const MethodDescriptor& after, Findings& found) {
    compare_types(before, after, found);
    compare_streaming(before, after, found);
    if (promise(after) >= promise(before)) return;
    found.push_back({"RPC_SAME_IDEMPOTENCY_LEVEL", before.full_name(),
                     "It promised " + promise_name(before) + " and promises " + promise_name(after) +
                         ": callers repeat it after a failure, and its effect would come twice."});
}

void compare(const ServiceDescriptor& before, const DescriptorPool& pool, Findings& found) {
    const auto* after = pool.FindServiceByName(before.full_name());
    if (after == nullptr) {
        found.push_back({"SERVICE_NO_DELETE", before.full_name(),
                         "The service is gone or has another name: every call of it fails."});
        return;
    }
    for (int i = 0; i < before.method_count(); ++i) {
        const auto& method = *before.method(i);
        if (const auto* now = after->FindMethodByName(method.name()); now != nullptr) {
            compare(method, *now, found);
        } else {
            found.push_back({"RPC_NO_DELETE", method.full_name(),
                             "The method is gone or has another name: every call of it fails."});
        }
    }
}

// ---- Fields ----

enum class Cardinality : std::uint8_t { one, many, map };

Cardinality cardinality(const FieldDescriptor& field) {
    if (field.is_map()) return Cardinality::map;
    return field.is_repeated() ? Cardinality::many : Cardinality::one;
}

const char* name(Cardinality cardinality) {
    switch (cardinality) {
        case Cardinality::many:
            return "a list";
        case Cardinality::map:
            return "a map";
        case Cardinality::one:
            break;
    }
    return "one value";
}

// Types of one group are read from each other's bytes and from each other's JSON.
int group(FieldDescriptor::Type type) {
    switch (type) {
        case FieldDescriptor::TYPE_UINT32:
            return FieldDescriptor::TYPE_INT32;
        case FieldDescriptor::TYPE_UINT64:
            return FieldDescriptor::TYPE_INT64;
        case FieldDescriptor::TYPE_SFIXED32:
            return FieldDescriptor::TYPE_FIXED32;
        case FieldDescriptor::TYPE_SFIXED64:
            return FieldDescriptor::TYPE_FIXED64;
        default:
            return type;
    }
}

// "int64", or the name of a message or an enum.
std::string type_name(const FieldDescriptor& field) {
    if (field.enum_type() != nullptr) return field.enum_type()->full_name();
    if (field.message_type() != nullptr) return field.message_type()->full_name();
    return field.type_name();
}

using EnumValues = std::set<std::pair<int, std::string>>;

EnumValues values_of(const EnumDescriptor& type) {
    EnumValues values;
    for (int i = 0; i < type.value_count(); ++i)
        values.emplace(type.value(i)->number(), type.value(i)->name());
    return values;
}

// An enum may move, with all its values, but keeps its own name.
bool is_moved(const EnumDescriptor& before, const EnumDescriptor& after) {
    return before.name() == after.name() && std::ranges::includes(values_of(after), values_of(before));
}

bool is_same_type(const FieldDescriptor& before, const FieldDescriptor& after) {
    if (group(before.type()) != group(after.type())) return false;
    if (before.enum_type() != nullptr && is_moved(*before.enum_type(), *after.enum_type())) return true;
    return before.type() != after.type() || type_name(before) == type_name(after);
}

std::string name_of(const OneofDescriptor* oneof) {
    return oneof == nullptr ? "no oneof" : "the oneof " + quoted(oneof->name());
}

bool is_same_oneof(const FieldDescriptor& before, const FieldDescriptor& after) {
    return name_of(before.real_containing_oneof()) == name_of(after.real_containing_oneof());
}

void compare_names(const FieldDescriptor& before, const FieldDescriptor& after, Findings& found) {
    if (before.name() != after.name()) {
        found.push_back(
            {"FIELD_SAME_NAME", before.full_name(),
             "The name of field " + std::to_string(before.number()) + " " +
                 was_and_is(quoted(before.name()), quoted(after.name())) +
                 ": in JSON the other side does not know it, and in protobuf takes it for what it was."});
    }
    if (before.json_name() != after.json_name()) {
        found.push_back({"FIELD_SAME_JSON_NAME", before.full_name(),
                         "Its name in JSON " +
                             was_and_is(quoted(before.json_name()), quoted(after.json_name())) +
                             ": the other side does not know it."});
    }
}

void compare(const FieldDescriptor& before, const FieldDescriptor& after, Findings& found) {
    compare_names(before, after, found);
    if (cardinality(before) != cardinality(after)) {
        found.push_back({"FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY", before.full_name(),
                         std::string("It ") +
                             was_and_is(name(cardinality(before)), name(cardinality(after))) +
                             ": one side cannot read what the other writes."});
    }
    if (!is_same_type(before, after)) {
        found.push_back({"FIELD_WIRE_JSON_COMPATIBLE_TYPE", before.full_name(),
                         "Its type " + was_and_is(type_name(before), type_name(after)) +
                             ": in protobuf or in JSON one side misreads what the other writes."});
    }
    if (!is_same_oneof(before, after)) {
        found.push_back({"FIELD_SAME_ONEOF", before.full_name(),
                         "It was in " + name_of(before.real_containing_oneof()) + " and is in " +
                             name_of(after.real_containing_oneof()) +
                             ": one side sets what the other takes for a contradiction, and drops."});
    }
}

// ---- Messages and enums ----

// A field or value that is gone: its number and its name may not come to mean something else.
template <typename Member, typename Holder>
void missing(const char* what, const char* rule, const Member& before, const Holder& after, Findings& found) {
    if (!after.IsReservedName(before.name())) {
        found.push_back({std::string(rule) + "_NAME_RESERVED", before.full_name(),
                         std::string("The ") + what +
                             " is gone and its name is not reserved: in JSON the other side still sends it, "
                             "and a later one of that name would be taken for it."});
    }
    if (!after.IsReservedNumber(before.number())) {
        found.push_back(
            {std::string(rule) + "_NUMBER_RESERVED", before.full_name(),
             std::string("The ") + what + " is gone and its number " + std::to_string(before.number()) +
                 " is not reserved: the other side still sends it, and a later one of that number "
                 "would be taken for it."});
    }
}

using Range = std::pair<std::int64_t, std::int64_t>;  // both ends are in it

// In order. A message's ranges end before their end, an enum's with it.
template <typename Holder>
std::vector<Range> reserved_ranges(const Holder& holder) {
    std::vector<Range> ranges;
    for (int i = 0; i < holder.reserved_range_count(); ++i) {
        const auto& range = *holder.reserved_range(i);
        ranges.emplace_back(range.start, range.end - (std::is_same_v<Holder, Descriptor> ? 1 : 0));
    }
    std::ranges::sort(ranges);
    return ranges;
}

// Ranges may have been put together, or taken apart.
bool is_within(const Range& range, const std::vector<Range>& others) {
    auto next = range.first;
    for (const auto& [first, last] : others) {
        if (first <= next && next <= last) next = last + 1;
    }
    return next > range.second;
}

template <typename Holder>
void compare_reserved(const char* rule, const Holder& before, const Holder& after, Findings& found) {
    const auto gone = [&](const std::string& what) {
        found.push_back({rule, before.full_name(),
                         what + " is not reserved any more: whoever has the contract that it was taken from "
                                "would misread what takes it now."});
    };
    for (int i = 0; i < before.reserved_name_count(); ++i) {
        const auto& name = before.reserved_name(i);
        if (!after.IsReservedName(name)) gone("The name " + quoted(name));
    }
    const auto now = reserved_ranges(after);
    for (const auto& range : reserved_ranges(before)) {
        if (is_within(range, now)) continue;
        gone("One of the numbers " + std::to_string(range.first) + " to " + std::to_string(range.second));
    }
}

void compare_values(const EnumDescriptor& before, const EnumDescriptor& after, Findings& found) {
    std::set<int> seen;
    for (int i = 0; i < before.value_count(); ++i) {
        const auto& value = *before.value(i);
        if (!seen.insert(value.number()).second) continue;  // another name of one that was looked at
        if (after.FindValueByNumber(value.number()) == nullptr) {
            missing("value", "ENUM_VALUE_NO_DELETE_UNLESS", value, after, found);
            continue;
        }
        EnumValues old = values_of(before), now = values_of(after);
        std::erase_if(old, [&](const auto& other) { return other.first != value.number(); });
        if (std::ranges::includes(now, old)) continue;
        found.push_back(
            {"ENUM_VALUE_SAME_NAME", value.full_name(),
             "The name of value " + std::to_string(value.number()) + " " +
                 was_and_is(quoted(value.name()), quoted(after.FindValueByNumber(value.number())->name())) +
                 ": in JSON the other side does not know it."});
    }
}

void compare(const EnumDescriptor& before, const DescriptorPool& pool, Findings& found) {
    // One that is gone is found where it was used.
    const auto* after = pool.FindEnumTypeByName(before.full_name());
    if (after == nullptr) return;
    compare_values(before, *after, found);
    compare_reserved("RESERVED_ENUM_NO_DELETE", before, *after, found);
}

void compare(const Descriptor& before, const DescriptorPool& pool, Findings& found) {
    if (const auto* after = pool.FindMessageTypeByName(before.full_name()); after != nullptr) {
        for (int i = 0; i < before.field_count(); ++i) {
            const auto& field = *before.field(i);
            if (const auto* now = after->FindFieldByNumber(field.number()); now != nullptr) {
                compare(field, *now, found);
            } else {
                missing("field", "FIELD_NO_DELETE_UNLESS", field, *after, found);
            }
        }
        compare_reserved("RESERVED_MESSAGE_NO_DELETE", before, *after, found);
    }
    for (int i = 0; i < before.enum_type_count(); ++i)
        compare(*before.enum_type(i), pool, found);
    for (int i = 0; i < before.nested_type_count(); ++i)
        compare(*before.nested_type(i), pool, found);
}

void compare(const FileDescriptor& before, const DescriptorPool& pool, Findings& found) {
    for (int i = 0; i < before.service_count(); ++i)
        compare(*before.service(i), pool, found);
    for (int i = 0; i < before.message_type_count(); ++i)
        compare(*before.message_type(i), pool, found);
    for (int i = 0; i < before.enum_type_count(); ++i)
        compare(*before.enum_type(i), pool, found);
}

}  // namespace

std::string line_of(const Finding& finding) {
    return finding.where + ": " + finding.text + " (" + finding.rule + ")";
}

Result<std::vector<Finding>> breaking(std::string_view before, std::string_view after) {
    TRY(const auto old, Descriptors::from(before));
    TRY(const auto now, Descriptors::from(after));
    Findings found;
    for (const auto* file : old.files())
        compare(*file, now.pool(), found);
    return found;
}

}  // namespace jebi::contract
