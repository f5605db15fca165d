// HTTP requests and answers as handlers see them (RFC 9110).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kit/base/clock.h"
#include "kit/base/result.h"
#include "kit/base/trace.h"

namespace jebi::fiber {
class Event;
}

namespace jebi::http {

enum class Method : std::uint8_t { get, head, post, put, patch, del, options };
inline constexpr std::size_t method_count = 7;
std::string_view name(Method method);  // "GET", ...
// Nothing for a method that we do not know. Case counts.
std::optional<Method> method_from(std::string_view name);

bool equal_without_case(std::string_view a, std::string_view b);

// Header fields in their order. Names compare without case.
template <typename Text>
struct Fields {
    std::vector<std::pair<Text, Text>> list;

    // The first of that name; nothing when there is none.
    std::optional<std::string_view> get(std::string_view name) const;
    void add(Text name, Text value) { list.emplace_back(std::move(name), std::move(value)); }
    // Replaces all of that name.
    void set(Text name, Text value);
};

// A request whose head was found unambiguous and whose body has arrived whole. Its views live as
// long as the handler runs.
struct Request {
    Method method = Method::get;
    // As sent, without the query: percent-encoded, begins with '/'. ("*" in OPTIONS * only.)
    std::string_view path;
    std::string_view query;  // without '?'
    Fields<std::string_view> fields;
    std::string_view body;  // decoded from chunks where it came in chunks
    std::string peer;       // address of the other side, "unix" for a Unix socket
    Trace trace;            // a span of its own in the trace of traceparent, or in one that was started here
    std::uint64_t parent_span = 0;  // of the caller, from traceparent; 0: the trace begins here
    Deadline until;                 // nobody waits for the answer after this
    // What the route's {names} matched, percent-decoded.
    std::vector<std::pair<std::string_view, std::string>> captured;
    std::string_view route;  // the pattern that matched: "/users/{name}"; for metrics and logs

    // What {name} matched; empty when the route has no such name.
    std::string_view captured_as(std::string_view name) const;
};

struct Upgraded;

// Takes an answer's body piece by piece: sent in chunks, as it is written.
class BodyWriter {
public:
    virtual ~BodyWriter() = default;
    // False when the client has left, or does not read for too long; the handler then returns.
    virtual bool write(std::string_view piece) = 0;
    // Waits without writing until then; false when the client has left or the server is stopping. Then
    // nothing can be written any more, and the client sees that the body is not whole.
    virtual bool wait_until(Deadline until) = 0;
    // The same, and ends also when `event` happens (fiber::Signal gives one for each time), on whatever loop.
    virtual bool wait_until(Deadline until, const fiber::Event& event) = 0;
};

struct Response {
    int status = 200;
    // The server sets Content-Length, Transfer-Encoding, Date, Connection and Keep-Alive: what a handler says
    // there is ignored. A field whose name is no token, or whose value has a control character (CR, LF and
    // NUL could split the answer in two), is dropped as a whole.
    Fields<std::string> fields;
    std::string body;
    // When set, it is called instead of sending `body`, after the head is out (server-sent events,
    // exports). What it throws cuts the connection, so that the client sees that the body is not whole.
    std::function<void(BodyWriter&)> stream;
    // When set, the status is 101: it is called after the head is out, and has the connection, which ends
    // with it. websocket.h makes such answers.
    std::function<void(Upgraded&)> upgrade;
    // When set, these bytes are sent instead of an answer, as they are, and the connection is closed: for
    // trials of what callers do then (kit/chaos). The observer is told of `status`.
    std::optional<std::string> raw;
    // It was held back until something happened: how long it took says nothing of anybody's speed.
    bool waited = false;
    // Too much was asked, and nobody has begun with it: there is nothing in it to look into.
    bool turned_away = false;

    static Response text(int status, std::string body);
    static Response html(int status, std::string body);
    static Response json(int status, std::string body);
    static Response see_other(std::string location);  // 303
};

using Handler = std::function<Response(const Request&)>;

// 404 for not_found, ...: the one table from our codes to HTTP for people and REST.
int status_of(Code code);
// "Not Found" for 404; empty for a status that RFC 9110 does not know.
std::string_view reason_of(int status);

// application/x-www-form-urlencoded, for query strings and forms: the fields in their order. `invalid`
// when an escape is broken, when there are over `fields_max`, or when a name or a value is no UTF-8.
inline constexpr std::size_t form_fields_max = 100;
Result<Fields<std::string>> form_from(std::string_view encoded);
// "%ED%95%9C" -> "한"; nothing when an escape is broken. '+' stays '+'.
std::optional<std::string> percent_decoded(std::string_view text);
std::string percent_encoded(std::string_view text);  // everything but unreserved (RFC 3986)

// The cookie of that name from the Cookie header; the first when there are several.
std::optional<std::string_view> cookie(const Request& request, std::string_view name);

// One choice of an Accept, Accept-Encoding or Accept-Language list.
struct Weighted {
    std::string_view choice;
    int weight = 1000;  // thousandths: "q=0.8" is 800; 0 means "not this one"
};
// The list by falling weight, and by its own order where weights are equal. What is no weight is left
// out, and so is all beyond the first `choices_max`.
inline constexpr std::size_t choices_max = 32;
std::vector<Weighted> weighted(std::string_view list);

}  // namespace jebi::http
