// How spans look on the wire: opentelemetry-proto v1's ExportTraceServiceRequest in its JSON mapping. Ids are
// hex, 64-bit integers are texts. The names of attributes are those of the semantic conventions 1.45.
#include <array>
#include <cstdio>

#include "kit/base/json.h"
#include "kit/rpc/errors.h"
#include "kit/watch/requests.h"
#include "kit/watch/spans.h"

namespace jebi::watch {

namespace {

constexpr std::int64_t status_error = 2;

std::string span_hex(std::uint64_t span) {
    std::array<char, 17> digits{};
    std::snprintf(digits.data(), digits.size(), "%016llx", static_cast<unsigned long long>(span));
    return {digits.data(), 16};
}

// Attributes in the form that OTLP gives them.
class Attributes {
public:
    explicit Attributes(json::Writer& out) : out_(out) { out_.key("attributes").begin_array(); }
    ~Attributes() { out_.end_array(); }
    Attributes(const Attributes&) = delete;

    void text(std::string_view name, std::string_view value) {
        if (value.empty()) return;
        begin(name).key("stringValue").string(value).end_object().end_object();
    }
    void number(std::string_view name, std::int64_t value) {
        begin(name).key("intValue").string(std::to_string(value)).end_object().end_object();
    }

private:
    json::Writer& begin(std::string_view name) {
        return out_.begin_object().key("key").string(name).key("value").begin_object();
    }
    json::Writer& out_;
};

// "[::1]:3000" -> "::1", "example.org" -> "example.org".
std::string_view without_port(std::string_view host) {
    if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
    return host.substr(0, host.find(':'));
}

std::string name_of(const Span& span) {
    if (span.of == Span::Of::call) return span.name + "/" + std::string(span.method);
    return span.name.empty() ? std::string(span.method) : std::string(span.method) + " " + span.name;
}

void write_request(Attributes& out, const Span& span, const SpanSource& source) {
    out.text("http.request.method", span.method);
    out.text("http.route", span.name);
    out.text("url.path", span.path);
    out.text("url.scheme", source.is_https ? "https" : "http");
    out.text("server.address", without_port(span.host));
    out.number("http.response.status_code", span.status);
    if (span.failed) out.text("error.type", std::to_string(span.status));
}

// A service that did what it should and says no has the status of its answer, but no error.
void write_call(Attributes& out, const Span& span) {
    out.text("rpc.system.name", "connectrpc");
    out.text("rpc.method", name_of(span));
    if (span.kind == Span::Kind::client) out.text("server.service.name", module_of(span.name));
    const std::string_view status = span.code ? rpc::wire_code(*span.code).name : "ok";
    out.text("rpc.status_code", status);
    if (span.failed) out.text("error.type", status);
}

void write(json::Writer& out, const Span& span, const SpanSource& source) {
    out.begin_object().key("traceId").string(span.trace.id_hex());
    out.key("spanId").string(span_hex(span.trace.span));
    if (span.parent != 0) out.key("parentSpanId").string(span_hex(span.parent));
    out.key("flags").integer(span.trace.sampled ? 1 : 0).key("name").string(name_of(span));
    out.key("kind").integer(static_cast<std::int64_t>(span.kind));
    out.key("startTimeUnixNano").string(std::to_string(span.start_ns));
    out.key("endTimeUnixNano").string(std::to_string(span.start_ns + span.took_ns));
    {
        Attributes attributes{out};
        span.of == Span::Of::call ? write_call(attributes, span) : write_request(attributes, span, source);
    }
    out.key("status").begin_object();
    if (span.failed) {
        out.key("code").integer(status_error);
        if (!span.message.empty()) out.key("message").string(span.message);
    }
    out.end_object().end_object();
}

}  // namespace

std::string otlp_json(const SpanSource& source, const std::vector<Span>& spans) {
    json::Writer out;
    out.begin_object().key("resourceSpans").begin_array().begin_object();
    out.key("resource").begin_object();
    {
        Attributes attributes{out};
        attributes.text("service.name", source.service);
        attributes.text("service.version", source.version);
        attributes.text("service.instance.id", source.instance_id);
    }
    out.end_object().key("scopeSpans").begin_array().begin_object();
    out.key("scope")
        .begin_object()
        .key("name")
        .string("jebi")
        .key("version")
        .string(source.version)
        .end_object();
    out.key("spans").begin_array();
    for (const Span& span : spans)
        write(out, span, source);
    out.end_array().end_object().end_array().end_object().end_array().end_object();
    return out.take();
}

}  // namespace jebi::watch
