// JSON read as events, without a tree and without memory for each value: for bodies of many small objects.
//
//     class Counter : public json::Visitor { ... void integer(std::int64_t) override { ++integers; } };
//     json::Reader reader;                          // kept: its buffers are used again
//     TRY_VOID(reader.read(text, visitor));
//
// As strict as json::parse(): RFC 8259, valid UTF-8, no lone surrogate, no byte order mark, no number beyond
// a double, nesting up to depth_max. Other than there, doubled keys are passed on (who builds something of
// them knows), and an integer of any length is passed on with all its digits.
//
// simdjson finds the brackets, commas and quotes and checks UTF-8 (its "stage 1", at gigabytes per second;
// Langdale and Lemire, "Parsing Gigabytes of JSON per Second", 2019); the grammar is checked here. Nothing
// behind the text is read, so no padding is needed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "kit/base/json.h"
#include "kit/base/result.h"

namespace jebi::json {

// Told about a value piece by piece, in the order of the text. A value that turns out to be malformed has
// been told about up to there. A key's view is good until the next key, a text's until the next call.
class Visitor {
public:
    virtual ~Visitor() = default;
    virtual void begin_object() = 0;
    virtual void key(std::string_view name) = 0;
    virtual void end_object() = 0;
    // False: tell nothing of what is inside, but array_text() with all of it.
    virtual bool begin_array() = 0;
    virtual void end_array() = 0;
    // The array without white space between its tokens; these as they were written.
    virtual void array_text(std::string_view compact) = 0;
    virtual void text(std::string_view value) = 0;
    virtual void integer(std::int64_t value) = 0;
    // An integer that 64 bits do not hold, as it was written.
    virtual void long_integer(std::string_view digits) = 0;
    virtual void number(double value) = 0;
    virtual void flag(bool value) = 0;
    virtual void null() = 0;
};

// One at a time; not thread-safe. Errors are `invalid`, with what is wrong and where in bytes from the text's
// begin; the reason is "incomplete_json" when the text only ended too early, else "invalid_json".
class Reader {
public:
    Reader();
    ~Reader();
    Reader(Reader&&) noexcept;
    Reader& operator=(Reader&&) noexcept;

    // Exactly one value, with white space around it.
    Result<void> read(std::string_view text, Visitor& visitor);

    // Several values, one behind the other:
    //     TRY_VOID(reader.open(text));
    //     while (!reader.at_end()) TRY_VOID(reader.next(visitor));
    // `text` outlives the reading. After an error nothing more can be read of it.
    Result<void> open(std::string_view text);
    bool at_end() const;
    Result<void> next(Visitor& visitor);
    // Lines that each stand for themselves ("JSON lines"), indexed all at once:
    //     if (reader.open_lines(text)) {
    //         while (reader.next_line()) { while (!reader.at_end()) ... reader.next(visitor) ... }
    //     }
    // Reads each line exactly as open() of that line would; a bad line leaves the others readable.
    // open_lines() fails when the text cannot be indexed as a whole, as when one line is not UTF-8: then
    // open() each line.
    Result<void> open_lines(std::string_view text);
    bool next_line();  // false: there is no other

    // In bytes: where the next value begins; the text's size at the end.
    std::size_t position() const;

    // Gives memory back, when there are buffers for more than this; a reader needs four to five bytes for
    // each of a text.
    void shrink(std::size_t kept_bytes_max);

    static constexpr std::size_t text_bytes_max = std::size_t{1} << 30;

private:
    class Walk;
    std::unique_ptr<Walk> walk_;
};

}  // namespace jebi::json
