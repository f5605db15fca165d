// Answers as bytes (RFC 9112).
#pragma once

#include <ctime>
#include <span>
#include <string>
#include <string_view>

#include "kit/http/message.h"

namespace jebi::http {

// Fields that every answer gets unless the handler set them, written out once.
class AlwaysFields {
public:
    // Fields that cannot be sent are our mistake: an assert.
    explicit AlwaysFields(const Fields<std::string>& fields);
    void append_to(std::string& out, const Response& response) const;

private:
    std::vector<std::pair<std::string, std::string>> lines_;  // name, and the whole line
};

// "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n", made anew when a second has passed. Not thread-safe.
class DateLine {
public:
    std::string_view at(std::time_t now);

private:
    std::time_t at_ = -1;
    std::string line_;
};

struct AnswerShape {
    bool keep_alive = true;
    bool to_1_1 = true;      // what the client speaks
    bool in_chunks = false;  // the body is streamed
};

// Appends the status line and the header, with the empty line. Answers how many fields of the handler were
// dropped, because they could have split the answer.
std::size_t append_head(std::string& out, const Response& response, const AnswerShape& shape,
                        std::string_view date_line, const AlwaysFields& always);

}  // namespace jebi::http
