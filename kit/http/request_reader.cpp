#include "kit/http/request_reader.h"

#include <algorithm>

namespace jebi::http {

namespace {

constexpr std::size_t head_read_size = 4096;         // at a time, while heads come
constexpr std::size_t body_read_size = 16 * 1024;    // at a time, while a body comes
constexpr std::size_t waiting_space = 256;           // for what comes while a request is answered
constexpr std::size_t kept_body_bytes = 16 * 1024;   // of a body's memory, for the next one
constexpr std::size_t body_reserve_max = 64 * 1024;  // on the word of a Content-Length

// "http://host/path" -> "/path"; the host has been checked.
std::string_view without_authority(std::string_view target) {
    if (target.starts_with('/') || target == "*") return target;
    target.remove_prefix(target.find("//") + 2);
    const auto path = target.find_first_of("/?");
    return path == std::string_view::npos ? "/" : target.substr(path);
}

std::unexpected<Refusal> refused(int status, std::string_view why) {
    return std::unexpected(Refusal{status, why});
}

}  // namespace

RequestReader::RequestReader(const Limits& limits) : limits_(limits), head_end_(head_limits()) {}

HeadLimits RequestReader::head_limits() const {
    return {limits_.head_bytes_max, limits_.target_bytes_max, limits_.fields_max};
}

std::span<char> RequestReader::space() {
    if (stage_ == Stage::body || stage_ == Stage::whole) {
        buffer_.cut(head_size_, body_used_);
        body_used_ = 0;
    } else {
        buffer_.shrink_to(head_read_size);
        if (buffer_.space().empty()) buffer_.make_room(head_read_size);
    }
    return buffer_.space();
}

void RequestReader::arrived(std::size_t count) {
    buffer_.arrived(count);
    go_on();
}

void RequestReader::next() {
    buffer_.drop(head_size_ + body_used_);
    head_size_ = body_used_ = 0;
    head_end_.reset();
    empty_line_dropped_ = wants_continue_ = false;
    if (body_.capacity() > kept_body_bytes) body_ = {};
    body_.clear();
    stage_ = Stage::idle;
    go_on();
}

void RequestReader::go_on() {
    if (stage_ == Stage::idle || stage_ == Stage::head) go_on_with_head();
    if (stage_ != Stage::body) return;
    if (const auto read = go_on_with_body(); !read) refuse(read.error());
}

// One empty line before a request is forgiven (RFC 9112, 2.2).
void RequestReader::drop_empty_line() {
    if (empty_line_dropped_ || !buffer_.bytes().starts_with("\r\n")) return;
    empty_line_dropped_ = true;
    buffer_.drop(2);
}

void RequestReader::go_on_with_head() {
    drop_empty_line();
    stage_ = buffer_.empty() ? Stage::idle : Stage::head;
    if (!empty_line_dropped_ && buffer_.bytes() == "\r") return;
    const auto size = head_end_.in(buffer_.bytes());
    if (!size) return refuse(size.error());
    if (*size == 0) return;
    if (const auto begun = begin_request(*size); !begun) refuse(begun.error());
}

Taken<void> RequestReader::begin_request(std::size_t head_size) {
    buffer_.make_room(waiting_space);
    const auto read = [&] {
        return read_request_head(buffer_.bytes().substr(0, head_size), head_limits(), head_);
    };
    TRY_VOID(read());
    TRY_VOID(body_reader_.begin(head_.framing, body_bytes_max()));
    head_size_ = head_size;
    if (!body_reader_.whole() && buffer_.space().size() < body_read_size) {
        // The bytes move, so the head is read again where it lies now. It stays there until next().
        buffer_.make_room(body_read_size);
        TRY_VOID(read());
    }
    body_.reserve(std::min<std::size_t>(head_.framing.length, body_reserve_max));
    stage_ = body_reader_.whole() ? Stage::whole : Stage::body;
    return fill_request();
}

std::size_t RequestReader::body_bytes_max() const {
    if (head_.framing.kind == Framing::Kind::none || !limits_.body_bytes_max_at)
        return limits_.body_bytes_max;
    const auto method = method_from(head_.method);
    const auto target = without_authority(head_.target);
    if (!method) return limits_.body_bytes_max;
    return limits_.body_bytes_max_at(*method, target.substr(0, target.find('?')))
        .value_or(limits_.body_bytes_max);
}

Taken<void> RequestReader::fill_request() {
    const auto method = method_from(head_.method);
    if (!method) return refused(501, "The method is not known here.");
    const auto target = without_authority(head_.target);
    const auto query = target.find('?');
    request_.method = *method;
    request_.path = query == 0 ? "/" : target.substr(0, query);
    request_.query = query == std::string_view::npos ? std::string_view{} : target.substr(query + 1);
    std::swap(request_.fields, head_.fields);
    request_.body = {};
    request_.captured.clear();
    request_.route = {};
    const auto expected = request_.fields.get("Expect");
    if (expected && !equal_without_case(*expected, "100-continue"))
        return refused(417, "Only \"Expect: 100-continue\" is known here.");
    wants_continue_ = expected && head_.is_1_1;
    return {};
}

Taken<void> RequestReader::go_on_with_body() {
    const auto bytes = buffer_.bytes().substr(head_size_ + body_used_);
    TRY(const std::size_t taken, body_reader_.take(bytes, body_));
    body_used_ += taken;
    if (taken > 0) wants_continue_ = false;
    if (!body_reader_.whole()) return {};
    stage_ = Stage::whole;
    request_.body = body_;
    return {};
}

void RequestReader::refuse(const Refusal& why) {
    refusal_ = why;
    stage_ = Stage::refused;
}

}  // namespace jebi::http
