// Reads the requests of one connection from its bytes, wherever those are cut. Does no I/O.
//
//     while (reader.stage() != Stage::whole) reader.arrived(read into reader.space());
//     ... reader.request() ...
//     reader.next();
#pragma once

#include <span>
#include <string>

#include "kit/http/body.h"
#include "kit/http/buffer.h"
#include "kit/http/head.h"
#include "kit/http/limits.h"
#include "kit/http/message.h"

namespace jebi::http {

enum class Stage : std::uint8_t {
    idle,     // nothing of a request has come
    head,     // the head has begun to come
    body,     // the head is whole, the body is not
    whole,    // the request is there
    refused,  // it will not be taken, and nothing that comes after it
};

class RequestReader {
public:
    // `limits` must outlive the reader.
    explicit RequestReader(const Limits& limits);

    Stage stage() const { return stage_; }
    // Where the next bytes go. Never empty but in stage `whole`, when what came behind the request has filled
    // the memory: somebody who waits there for the client to leave then has a client that talks too much.
    std::span<char> space();
    void arrived(std::size_t count);

    // When whole. The views in it are valid until next().
    Request& request() { return request_; }
    bool keep_alive() const { return head_.keep_alive; }
    bool is_1_1() const { return head_.is_1_1; }
    // What has come behind it.
    std::string_view rest() const { return buffer_.bytes().substr(head_size_ + body_used_); }
    // Forgets the request, and goes on with what came behind it.
    void next();

    // When refused.
    const Refusal& refusal() const { return refusal_; }
    // In stage `body`: does the client hold the body back until it is told "100 Continue"? Says so once.
    bool wants_continue() { return std::exchange(wants_continue_, false); }

private:
    void go_on();
    void drop_empty_line();
    void go_on_with_head();
    Taken<void> begin_request(std::size_t head_size);
    std::size_t body_bytes_max() const;
    Taken<void> fill_request();
    Taken<void> go_on_with_body();
    void refuse(const Refusal& why);
    HeadLimits head_limits() const;

    const Limits& limits_;
    Buffer buffer_;
    HeadEnd head_end_;
    Head head_;
    BodyReader body_reader_;
    Request request_;
    std::string body_;
    Refusal refusal_;
    Stage stage_ = Stage::idle;
    bool empty_line_dropped_ = false;
    bool wants_continue_ = false;
    std::size_t head_size_ = 0;  // of the request's head, at the front of the buffer
    std::size_t body_used_ = 0;  // bytes behind the head that are in body_ already
};

}  // namespace jebi::http
