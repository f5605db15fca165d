// protoc-gen-jebi: from each service of a .proto the classes that kit/rpc/rpc.h describes.
//
//     protoc -I. --jebi_out=OUT --plugin=protoc-gen-jebi=PATH modules/tweets/tweets.proto
//
// writes OUT/modules/tweets/tweets.jebi.h and .cc, in the namespace of the package without its version
// (jebi.tweets.v1 becomes jebi::tweets), which also gets the names of the file's messages.
#include <google/protobuf/compiler/code_generator.h>
#include <google/protobuf/compiler/plugin.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/printer.h>
#include <google/protobuf/io/zero_copy_stream.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "kit/rpc/options.pb.h"

namespace {

using google::protobuf::Descriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::MethodOptions;
using google::protobuf::ServiceDescriptor;
using google::protobuf::io::Printer;
using Variables = std::map<std::string, std::string>;

bool is_upper(char c) {
    return std::isupper(static_cast<unsigned char>(c)) != 0;
}
bool is_digit(char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
}
char lower(char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

// C++'s words that a method's name could become.
bool is_keyword(std::string_view word) {
    static constexpr auto words = std::to_array<std::string_view>(
        {"alignas",   "alignof",  "and",          "asm",        "auto",       "bitand",        "bitor",
         "bool",      "break",    "case",         "catch",      "char",       "class",         "compl",
         "concept",   "const",    "consteval",    "constexpr",  "continue",   "decltype",      "default",
         "delete",    "do",       "double",       "else",       "enum",       "explicit",      "export",
         "extern",    "false",    "float",        "for",        "friend",     "goto",          "if",
         "inline",    "int",      "long",         "mutable",    "namespace",  "new",           "noexcept",
         "not",       "nullptr",  "operator",     "or",         "private",    "protected",     "public",
         "register",  "requires", "return",       "short",      "signed",     "sizeof",        "static",
         "struct",    "switch",   "template",     "this",       "throw",      "true",          "try",
         "typedef",   "typeid",   "typename",     "union",      "unsigned",   "using",         "virtual",
         "void",      "volatile", "while",        "xor",        "const_cast", "static_assert", "co_await",
         "co_return", "co_yield", "thread_local", "static_cast"});
    return std::ranges::find(words, word) != words.end();
}

// "SignUp" -> "sign_up", "HTTPPort" -> "http_port", "Delete" -> "delete_".
std::string snake(std::string_view camel) {
    std::string out;
    for (std::size_t i = 0; i < camel.size(); ++i) {
        const bool after_small = i > 0 && !is_upper(camel[i - 1]);
        const bool last_of_many =
            i > 0 && i + 1 < camel.size() && !is_upper(camel[i + 1]) && !is_digit(camel[i + 1]);
        if (is_upper(camel[i]) && (after_small || last_of_many) && out.back() != '_') out += '_';
        out += lower(camel[i]);
    }
    return is_keyword(out) ? out + '_' : out;
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
        text.replace(at, what.size(), with);
    }
    return text;
}

// "jebi.tweets.v1" -> {"jebi.tweets", "v1"}; the second is empty when the last part is no version.
std::pair<std::string, std::string> split_version(const std::string& package) {
    const auto dot = package.rfind('.');
    if (dot == std::string::npos || dot + 2 >= package.size() || package[dot + 1] != 'v')
        return {package, ""};
    if (!is_digit(package[dot + 2])) return {package, ""};
    return {package.substr(0, dot), package.substr(dot + 1)};
}

// The C++ name of a message as seen from the namespace of `from`.
std::string type_name(const Descriptor& message, const FileDescriptor& from) {
    std::string name = message.name();
    for (const auto* outer = message.containing_type(); outer != nullptr; outer = outer->containing_type()) {
        name.insert(0, outer->name() + '_');
    }
    if (message.file() == &from && message.containing_type() == nullptr) return name;
    return "::" + replaced(message.file()->package(), ".", "::") + "::" + name;
}

// The comment that stands before a service or a method, as C++ comment lines.
template <typename Described>
void print_comment(Printer& out, const Described& described) {
    google::protobuf::SourceLocation place;
    if (!described.GetSourceLocation(&place)) return;
    std::string_view text = place.leading_comments;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        out.Print("//$line$\n", "line", std::string(line));
    }
}

// The name of rpc::Effect that the method's options say.
std::string effect_of(const MethodDescriptor& method) {
    switch (method.options().idempotency_level()) {
        case MethodOptions::NO_SIDE_EFFECTS:
            return "none";
        case MethodOptions::IDEMPOTENT:
            return "idempotent";
        case MethodOptions::IDEMPOTENCY_UNKNOWN:
            break;
    }
    return method.options().GetExtension(jebi::rpc::v1::keyed) ? "keyed" : "once";
}

// The method as an rpc::Method.
std::string spec_of(const MethodDescriptor& method) {
    const auto stale_ms = method.options().GetExtension(jebi::rpc::v1::stale_ms_max);
    std::string spec = "rpc::Method{.service = " + method.service()->name() + "::service_name, .name = \"" +
                       method.name() + "\", .effect = rpc::Effect::" + effect_of(method);
    if (stale_ms > 0) spec += ", .stale_max = Millis{" + std::to_string(stale_ms) + "}";
    if (method.options().GetExtension(jebi::rpc::v1::waits)) spec += ", .waits = true";
    return spec + "}";
}

Variables names_of(const ServiceDescriptor& service) {
    return {
        {"Service", service.name()}, {"service", snake(service.name())}, {"full_name", service.full_name()}};
}

Variables names_of(const MethodDescriptor& method) {
    auto names = names_of(*method.service());
    names["Method"] = method.name();
    names["method"] = snake(method.name());
    names["Request"] = type_name(*method.input_type(), *method.file());
    names["Reply"] = type_name(*method.output_type(), *method.file());
    names["spec"] = spec_of(method);
    return names;
}

template <typename Each>
void for_each_method(const ServiceDescriptor& service, Each each) {
    for (int i = 0; i < service.method_count(); ++i)
        each(*service.method(i));
}

void print_contract(Printer& out, const ServiceDescriptor& service) {
    out.Print(names_of(service), "\nclass $Service$Local;\nclass $Service$Client;\nclass $Service$Absent;\n\n");
    print_comment(out, service);
    out.Print(names_of(service),
              "class $Service$ {\n"
              "public:\n"
              "    using Here = $Service$Local;\n"
              "    using Elsewhere = $Service$Client;\n"
              "    using Nowhere = $Service$Absent;\n"
              "    static constexpr std::string_view service_name = \"$full_name$\";\n\n"
              "    virtual ~$Service$() = default;\n");
    out.Indent();
    out.Indent();
    for_each_method(service, [&](const MethodDescriptor& method) {
        out.Print("\n");
        print_comment(out, method);
        out.Print(names_of(method),
                  "virtual Result<$Reply$> $method$(const Call& call, const $Request$& request) = 0;\n");
    });
    out.Outdent();
    out.Outdent();
    out.Print("};\n");
}

void print_overrides(Printer& out, const ServiceDescriptor& service) {
    for_each_method(service, [&](const MethodDescriptor& method) {
        out.Print(names_of(method),
                  "    Result<$Reply$> $method$(const Call& call, const $Request$& request) override;\n");
    });
}

void print_local(Printer& out, const ServiceDescriptor& service) {
    out.Print(names_of(service),
              "\n// $Service$ in this process; every call passes an rpc::Scope.\n"
              "class $Service$Local final : public $Service$ {\n"
              "public:\n"
              "    $Service$Local($Service$& inner, rpc::Observer observer)"
              " : inner_(inner), observer_(std::move(observer)) {}\n");
    print_overrides(out, service);
    out.Print(names_of(service),
              "\nprivate:\n"
              "    $Service$& inner_;\n"
              "    rpc::Observer observer_;\n"
              "};\n");
}

void print_client(Printer& out, const ServiceDescriptor& service) {
    out.Print(names_of(service),
              "\n// $Service$ in another process, reached through `channel`.\n"
              "class $Service$Client final : public $Service$ {\n"
              "public:\n"
              "    explicit $Service$Client(rpc::Channel& channel) : channel_(channel) {}\n");
    print_overrides(out, service);
    out.Print("\nprivate:\n    rpc::Channel& channel_;\n};\n");
}

void print_absent(Printer& out, const ServiceDescriptor& service) {
    out.Print(names_of(service),
              "\n// Nobody is there: every call answers `unavailable` (absent). What stands in for a part of "
              "$Service$ begins "
              "here.\n"
              "class $Service$Absent : public $Service$ {\n"
              "public:\n");
    print_overrides(out, service);
    out.Print("};\n");
}

// The names of the file's messages and enums, without their version.
void print_usings(Printer& out, const FileDescriptor& file, const std::string& version) {
    out.Print("\n");
    for (int i = 0; i < file.message_type_count(); ++i) {
        out.Print("using $version$::$name$;\n", "version", version, "name", file.message_type(i)->name());
    }
    for (int i = 0; i < file.enum_type_count(); ++i) {
        const auto& name = file.enum_type(i)->name();
        out.Print("using $version$::$name$;\nusing enum $version$::$name$;\n", "version", version, "name",
                  name);
    }
}

void print_header(Printer& out, const FileDescriptor& file, const Variables& names) {
    out.Print(names,
              "// Generated by protoc-gen-jebi from $proto$; edit that file instead.\n"
              "#pragma once\n\n"
              "#include <utility>\n\n"
              "#include \"kit/rpc/rpc.h\"\n"
              "#include \"$stem$.pb.h\"\n\n"
              "namespace $namespace$ {\n");
    print_usings(out, file, names.at("version"));
    for (int i = 0; i < file.service_count(); ++i) {
        const auto& service = *file.service(i);
        print_contract(out, service);
        print_local(out, service);
        print_client(out, service);
        print_absent(out, service);
        out.Print(names_of(service),
                  "\n// For rpc::serve. `$service$` must outlive the router.\n"
                  "rpc::Methods methods($Service$& $service$);\n");
    }
    out.Print(names, "\n}  // namespace $namespace$\n");
}

void print_local_body(Printer& out, const MethodDescriptor& method) {
    out.Print(names_of(method),
              "\nResult<$Reply$> $Service$Local::$method$(const Call& call, const $Request$& request) {\n"
              "    const rpc::Scope scope(observer_, rpc::Side::local, $spec$, call);\n"
              "    return scope.run([&] { return inner_.$method$(scope.call(), request); });\n"
              "}\n");
}

void print_client_body(Printer& out, const MethodDescriptor& method) {
    out.Print(names_of(method),
              "\nResult<$Reply$> $Service$Client::$method$(const Call& call, const $Request$& request) {\n"
              "    return channel_.ask<$Reply$>(call, $spec$, request);\n"
              "}\n");
}

void print_absent_body(Printer& out, const MethodDescriptor& method) {
    out.Print(names_of(method),
              "\nResult<$Reply$> $Service$Absent::$method$(const Call&, const $Request$&) {\n"
              "    return rpc::absent(service_name);\n"
              "}\n");
}

void print_table(Printer& out, const ServiceDescriptor& service) {
    out.Print(names_of(service), "\nrpc::Methods methods($Service$& $service$) {\n    return {\n");
    for_each_method(service, [&](const MethodDescriptor& method) {
        out.Print(names_of(method), "        rpc::entry($spec$, $service$, &$Service$::$method$),\n");
    });
    out.Print("    };\n}\n");
}

void print_source(Printer& out, const FileDescriptor& file, const Variables& names) {
    out.Print(names,
              "// Generated by protoc-gen-jebi from $proto$; edit that file instead.\n"
              "#include \"$stem$.jebi.h\"\n\n"
              "namespace $namespace$ {\n");
    for (int i = 0; i < file.service_count(); ++i) {
        for_each_method(*file.service(i), [&](const auto& method) { print_local_body(out, method); });
        for_each_method(*file.service(i), [&](const auto& method) { print_client_body(out, method); });
        for_each_method(*file.service(i), [&](const auto& method) { print_absent_body(out, method); });
        print_table(out, *file.service(i));
    }
    out.Print(names, "\n}  // namespace $namespace$\n");
}

// Why this method cannot become C++; empty when it can.
std::string refusal(const MethodDescriptor& method) {
    if (method.client_streaming() || method.server_streaming())
        return method.full_name() + ": streams are not offered; calls are unary";
    const auto& options = method.options();
    const bool says_level = options.idempotency_level() != MethodOptions::IDEMPOTENCY_UNKNOWN;
    if (says_level && options.GetExtension(jebi::rpc::v1::keyed))
        return method.full_name() + ": keyed is for what idempotency_level says nothing about";
    if (!says_level && options.GetExtension(jebi::rpc::v1::stale_ms_max) > 0)
        return method.full_name() + ": an old answer may stand only for a call that may be repeated";
    return "";
}

// The same for the file.
std::string refusal(const FileDescriptor& file) {
    if (split_version(file.package()).second.empty())
        return "the package must end in a version, as in jebi.tweets.v1";
    std::string refused;
    for (int i = 0; i < file.service_count(); ++i) {
        for_each_method(*file.service(i), [&](const MethodDescriptor& method) {
            if (refused.empty()) refused = refusal(method);
        });
    }
    return refused;
}

class Generator final : public google::protobuf::compiler::CodeGenerator {
public:
    bool Generate(const FileDescriptor* file, const std::string& /*parameter*/,
                  google::protobuf::compiler::GeneratorContext* context, std::string* error) const override {
        *error = refusal(*file);
        if (!error->empty()) return false;
        const auto [scope, version] = split_version(file->package());
        const auto stem = replaced(file->name(), ".proto", "");
        const Variables names{{"proto", file->name()},
                              {"stem", stem},
                              {"version", version},
                              {"namespace", replaced(scope, ".", "::")}};
        const std::unique_ptr<google::protobuf::io::ZeroCopyOutputStream> header(
            context->Open(stem + ".jebi.h"));
        const std::unique_ptr<google::protobuf::io::ZeroCopyOutputStream> source(
            context->Open(stem + ".jebi.cc"));
        Printer header_printer(header.get(), '$');
        Printer source_printer(source.get(), '$');
        print_header(header_printer, *file, names);
        print_source(source_printer, *file, names);
        return true;
    }
    std::uint64_t GetSupportedFeatures() const override { return FEATURE_PROTO3_OPTIONAL; }
};

}  // namespace

int main(int argc, char** argv) {
    const Generator generator;
    return google::protobuf::compiler::PluginMain(argc, argv, &generator);
}
