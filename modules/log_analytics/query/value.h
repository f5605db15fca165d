// A value of an answer or of a constant, and the memory that texts lie in.
#pragma once

#include <cassert>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace jebi::log_analytics::query {

// What a column of an answer or an expression is. `nothing` is the type of NULL alone.
enum class Type : std::uint8_t { nothing, text, integer, number, flag, time };
std::string_view name(Type type);  // "text", ...

// Is it kept as an int64? (A flag is 0 or 1, a time milliseconds since 1970.)
inline bool is_whole(Type type) {
    return type == Type::integer || type == Type::flag || type == Type::time;
}

// 16 bytes. A text is borrowed: from an Arena, or from who made the value.
class Value {
public:
    Value() = default;  // NULL
    static Value whole(Type type, std::int64_t value) {
        Value made;
        made.type_ = type;
        made.integer_ = value;
        return made;
    }
    static Value number(double value) {
        Value made;
        made.type_ = Type::number;
        made.number_ = value;
        return made;
    }
    static Value text(std::string_view value) {
        Value made;
        made.type_ = Type::text;
        made.text_ = value.data();
        made.size_ = static_cast<std::uint32_t>(value.size());
        return made;
    }

    Type type() const { return type_; }
    bool is_null() const { return type_ == Type::nothing; }
    std::int64_t integer() const {  // of an integer, a flag or a time
        assert(is_whole(type_));
        return integer_;
    }
    double number() const {
        assert(type_ == Type::number);
        return number_;
    }
    std::string_view text() const {
        assert(type_ == Type::text);
        return {text_, size_};
    }

private:
    union {
        std::int64_t integer_ = 0;
        double number_;
        const char* text_;
    };
    std::uint32_t size_ = 0;
    Type type_ = Type::nothing;
};

// Keeps texts until it goes; what it keeps never moves.
class Arena {
public:
    std::string_view keep(std::string_view text) {
        if (text.empty()) return {};
        if (text.size() > left_) grow(text.size());
        char* at = next_;
        std::memcpy(at, text.data(), text.size());
        next_ += text.size();
        left_ -= text.size();
        return {at, text.size()};
    }
    std::size_t bytes() const { return bytes_; }

private:
    void grow(std::size_t needed) {
        const std::size_t size = needed > chunk_bytes ? needed : chunk_bytes;
        chunks_.push_back(std::make_unique_for_overwrite<char[]>(size));
        next_ = chunks_.back().get();
        left_ = size;
        bytes_ += size;
    }

    static constexpr std::size_t chunk_bytes = 16 * 1024;
    std::vector<std::unique_ptr<char[]>> chunks_;
    char* next_ = nullptr;
    std::size_t left_ = 0, bytes_ = 0;
};

}  // namespace jebi::log_analytics::query
