#include "kit/http/answer_reader.h"

namespace jebi::http {

namespace {

constexpr HeadLimits head_limits{.bytes_max = 64 * 1024, .target_bytes_max = 4096, .fields_max = 200};
constexpr std::size_t interim_max = 8;
constexpr std::size_t read_size = 16 * 1024;
constexpr std::size_t body_reserve_max = 64 * 1024;  // on the word of a Content-Length

}  // namespace

AnswerReader::AnswerReader(std::size_t body_bytes_max)
    : body_bytes_max_(body_bytes_max), head_end_(head_limits) {}

void AnswerReader::expect_answer(bool to_head) {
    head_end_.reset();
    response_ = {};
    interim_count_ = 0;
    to_head_ = to_head;
    begun_ = in_body_ = whole_ = false;
}

std::span<char> AnswerReader::space() {
    if (buffer_.space().empty()) buffer_.make_room(read_size);
    return buffer_.space();
}

Taken<void> AnswerReader::arrived(std::size_t count) {
    begun_ = true;
    buffer_.arrived(count);
    return go_on();
}

Taken<void> AnswerReader::connection_ended() {
    if (!in_body_) return std::unexpected(Refusal{400, "The answer is cut off."});
    TRY_VOID(body_reader_.end_with_connection());
    whole_ = true;
    return {};
}

Taken<void> AnswerReader::go_on() {
    if (!in_body_) {
        TRY(const bool there, head_is_there());
        if (!there) return {};
    }
    TRY(const std::size_t taken, body_reader_.take(buffer_.bytes(), response_.body));
    buffer_.drop(taken);
    whole_ = body_reader_.whole();
    return {};
}

Taken<bool> AnswerReader::head_is_there() {
    while (!in_body_) {
        TRY(const std::size_t size, head_end_.in(buffer_.bytes()));
        if (size == 0) return false;
        TRY_VOID(read_answer_head(buffer_.bytes().substr(0, size), head_limits, to_head_, head_));
        head_end_.reset();
        if (head_.status == 101) return std::unexpected(Refusal{400, "Nobody asked for another protocol."});
        const bool interim = head_.status / 100 == 1;
        if (interim && ++interim_count_ > interim_max)
            return std::unexpected(Refusal{400, "There are too many interim answers."});
        if (!interim) keep_head();
        buffer_.drop(size);
    }
    TRY_VOID(body_reader_.begin(head_.framing, body_bytes_max_));
    response_.body.reserve(std::min<std::size_t>(head_.framing.length, body_reserve_max));
    return true;
}

void AnswerReader::keep_head() {
    in_body_ = true;
    response_.status = head_.status;
    response_.fields.list.reserve(head_.fields.list.size());
    for (const auto& [name, value] : head_.fields.list) {
        response_.fields.add(std::string(name), std::string(value));
    }
}

}  // namespace jebi::http
