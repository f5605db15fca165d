// Reads the answers on a client's connection from its bytes, wherever those are cut. Does no I/O.
#pragma once

#include <span>

#include "kit/http/body.h"
#include "kit/http/buffer.h"
#include "kit/http/client.h"
#include "kit/http/head.h"

namespace jebi::http {

class AnswerReader {
public:
    explicit AnswerReader(std::size_t body_bytes_max);

    // A request goes out. `to_head`: its answer has no body, whatever it says.
    void expect_answer(bool to_head);
    // Where the next bytes go: at least one.
    std::span<char> space();
    Taken<void> arrived(std::size_t count);
    // The other side has finished; refused when that cuts the answer off.
    Taken<void> connection_ended();

    bool whole() const { return whole_; }
    // Has any byte of the answer come?
    bool begun() const { return begun_; }
    // When whole: may another request go over this connection?
    bool reusable() const { return head_.keep_alive && buffer_.empty(); }
    // When whole, once.
    ClientResponse take() { return std::move(response_); }

private:
    Taken<void> go_on();
    Taken<bool> head_is_there();
    void keep_head();

    std::size_t body_bytes_max_;
    Buffer buffer_;
    HeadEnd head_end_;
    Head head_;
    BodyReader body_reader_;
    ClientResponse response_;
    std::size_t interim_count_ = 0;  // of 1xx answers before the one that counts
    bool to_head_ = false;
    bool begun_ = false;
    bool in_body_ = false;
    bool whole_ = false;
};

}  // namespace jebi::http
