#include "kit/rpc/contract/reference.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <algorithm>

#include "kit/base/json.h"
#include "kit/base/unicode.h"
#include "kit/rpc/contract/descriptors.h"

namespace jebi::contract {

namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::MethodOptions;
using google::protobuf::ServiceDescriptor;
using google::protobuf::SourceLocation;

constexpr int example_depth_max = 4;  // messages in messages, which may go round

// ---- Comments ----

// Lines become paragraphs; an empty line ends one.
void add_paragraphs(std::string_view text, Comment& comment) {
    bool begins = true;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        const auto words = trimmed(line);
        if (words.empty()) {
            begins = true;
        } else if (std::exchange(begins, false)) {
            comment.emplace_back(words);
        } else {
            comment.back().append(" ").append(words);
        }
    }
}

template <typename Described>
Comment comment_of(const Described& described) {
    Comment comment;
    SourceLocation place;
    if (!described.GetSourceLocation(&place)) return comment;
    add_paragraphs(place.leading_comments, comment);
    add_paragraphs(place.trailing_comments, comment);
    return comment;
}

// ---- Names ----

// "jebi.tweets.v1.Entity.Kind" -> "Entity.Kind"
std::string short_name(const std::string& full_name, const FileDescriptor& file) {
    const auto& package = file.package();
    return full_name.starts_with(package + '.') ? full_name.substr(package.size() + 1) : full_name;
}

std::string type_name(const FieldDescriptor& field) {
    if (field.enum_type() != nullptr) return short_name(field.enum_type()->full_name(), *field.file());
    if (field.message_type() != nullptr) return short_name(field.message_type()->full_name(), *field.file());
    return field.type_name();
}

// By its keyword: a message, or one of an either, may be absent without it.
bool is_optional(const FieldDescriptor& field) {
    return field.has_presence() && field.real_containing_oneof() == nullptr &&
           field.message_type() == nullptr;
}

std::string type_of(const FieldDescriptor& field) {
    if (field.is_map()) {
        const auto& entry = *field.message_type();
        return "map<" + type_name(*entry.map_key()) + ", " + type_name(*entry.map_value()) + ">";
    }
    if (field.is_repeated()) return "repeated " + type_name(field);
    return (is_optional(field) ? "optional " : "") + type_name(field);
}

// The type of the same file that the field's values are of.
std::string described_type(const FieldDescriptor& field) {
    const auto& values = field.is_map() ? *field.message_type()->map_value() : field;
    const bool is_of_file =
        (values.enum_type() != nullptr && values.enum_type()->file() == field.file()) ||
        (values.message_type() != nullptr && values.message_type()->file() == field.file());
    return is_of_file ? type_name(values) : "";
}

// ---- Types ----

Field field_of(const FieldDescriptor& field) {
    const auto* oneof = field.real_containing_oneof();
    return {.name = field.name(),
            .type = type_of(field),
            .described = described_type(field),
            .oneof = oneof == nullptr ? "" : oneof->name(),
            .number = field.number(),
            .comment = comment_of(field)};
}

Type type_of(const EnumDescriptor& from) {
    Type type{.name = short_name(from.full_name(), *from.file()),
              .is_enum = true,
              .comment = comment_of(from),
              .fields = {}};
    for (int i = 0; i < from.value_count(); ++i) {
        const auto& value = *from.value(i);
        type.fields.push_back({.name = value.name(), .number = value.number(), .comment = comment_of(value)});
    }
    return type;
}

void add_types(const Descriptor& message, std::vector<Type>& types) {
    if (message.options().map_entry()) return;
    Type type{.name = short_name(message.full_name(), *message.file()),
              .comment = comment_of(message),
              .fields = {}};
    for (int i = 0; i < message.field_count(); ++i)
        type.fields.push_back(field_of(*message.field(i)));
    types.push_back(std::move(type));
    for (int i = 0; i < message.enum_type_count(); ++i)
        types.push_back(type_of(*message.enum_type(i)));
    for (int i = 0; i < message.nested_type_count(); ++i)
        add_types(*message.nested_type(i), types);
}

// ---- Examples ----

void write_message(json::Writer& out, const Descriptor& message, int depth);

// The contracts say of a number what 0 means where it need not be given: "0: from the newest".
bool may_be_zero(const FieldDescriptor& field) {
    return std::ranges::any_of(comment_of(field), [](const auto& text) { return text.contains("0: "); });
}

void write_value(json::Writer& out, const FieldDescriptor& field, int depth) {
    const int number = may_be_zero(field) ? 0 : 1;
    switch (field.cpp_type()) {
        case FieldDescriptor::CPPTYPE_INT64:
        case FieldDescriptor::CPPTYPE_UINT64:
            out.id(static_cast<std::uint64_t>(number));
            break;
        case FieldDescriptor::CPPTYPE_INT32:
        case FieldDescriptor::CPPTYPE_UINT32:
            out.integer(number);
            break;
        case FieldDescriptor::CPPTYPE_DOUBLE:
        case FieldDescriptor::CPPTYPE_FLOAT:
            out.number(number);
            break;
        case FieldDescriptor::CPPTYPE_BOOL:
            out.boolean(true);
            break;
        case FieldDescriptor::CPPTYPE_ENUM:
            out.string(field.enum_type()->value(field.enum_type()->value_count() - 1)->name());
            break;
        case FieldDescriptor::CPPTYPE_STRING:
            out.string(field.type() == FieldDescriptor::TYPE_BYTES ? "" : field.name());
            break;
        case FieldDescriptor::CPPTYPE_MESSAGE:
            write_message(out, *field.message_type(), depth + 1);
            break;
    }
}

bool is_first_of_oneof(const FieldDescriptor& field) {
    const auto* oneof = field.real_containing_oneof();
    return oneof == nullptr || oneof->field(0) == &field;
}

void write_message(json::Writer& out, const Descriptor& message, int depth) {
    out.begin_object();
    for (int i = 0; i < message.field_count() && depth < example_depth_max; ++i) {
        const auto& field = *message.field(i);
        if (!is_first_of_oneof(field)) continue;
        out.key(field.json_name());
        if (field.is_map()) {
            out.begin_object().end_object();
        } else if (field.is_repeated()) {
            out.begin_array();
            write_value(out, field, depth);
            out.end_array();
        } else {
            write_value(out, field, depth);
        }
    }
    out.end_object();
}

std::string example_of(const Descriptor& message) {
    json::Writer out;
    write_message(out, message, 0);
    return out.take();
}

// ---- Services ----

Repeatable repeatable(const MethodDescriptor& method) {
    switch (method.options().idempotency_level()) {
        case MethodOptions::NO_SIDE_EFFECTS:
            return Repeatable::reads_only;
        case MethodOptions::IDEMPOTENT:
            return Repeatable::yes;
        case MethodOptions::IDEMPOTENCY_UNKNOWN:
            break;
    }
    return Repeatable::not_said;
}

Method method_of(const MethodDescriptor& method) {
    return {.name = method.name(),
            .comment = comment_of(method),
            .request = short_name(method.input_type()->full_name(), *method.file()),
            .reply = short_name(method.output_type()->full_name(), *method.file()),
            .repeatable = repeatable(method),
            .path = "/" + method.service()->full_name() + "/" + method.name(),
            .example = example_of(*method.input_type())};
}

Service service_of(const ServiceDescriptor& from) {
    Service service{
        .name = from.name(), .full_name = from.full_name(), .comment = comment_of(from), .methods = {}};
    std::string commented;
    for (int i = 0; i < from.method_count(); ++i) {
        Method method = method_of(*from.method(i));
        if (method.comment.empty()) {
            method.like = commented;
        } else {
            commented = method.name;
        }
        service.methods.push_back(std::move(method));
    }
    return service;
}

Reference reference_of(const FileDescriptor& file) {
    const std::string& path = file.name();
    const auto slash = path.rfind('/');
    const std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
    Reference reference{.name = name.substr(0, name.rfind(".proto")), .services = {}, .types = {}};
    for (int i = 0; i < file.service_count(); ++i)
        reference.services.push_back(service_of(*file.service(i)));
    for (int i = 0; i < file.message_type_count(); ++i)
        add_types(*file.message_type(i), reference.types);
    for (int i = 0; i < file.enum_type_count(); ++i)
        reference.types.push_back(type_of(*file.enum_type(i)));
    return reference;
}

}  // namespace

Result<std::vector<Reference>> references_in(std::string_view set) {
    TRY(const auto all, Descriptors::from(set));
    std::vector<Reference> references;
    for (const auto* file : all.files()) {
        if (file->service_count() > 0) references.push_back(reference_of(*file));
    }
    std::ranges::sort(references, {}, &Reference::name);
    return references;
}

}  // namespace jebi::contract
