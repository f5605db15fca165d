// The bytes that came over a connection and are not dealt with yet.
#pragma once

#include <memory>
#include <span>
#include <string_view>

namespace jebi::http {

class Buffer {
public:
    // Holds nothing, and costs no memory, until room is made.
    Buffer() = default;

    std::string_view bytes() const { return {store_.get() + begin_, end_ - begin_}; }
    bool empty() const { return begin_ == end_; }
    // Where the next bytes go, behind those that are there.
    std::span<char> space() { return {store_.get() + end_, capacity_ - end_}; }
    void arrived(std::size_t count) { end_ += count; }
    // Forgets the first `count` bytes.
    void drop(std::size_t count);
    // Forgets `count` bytes from `from` on, and moves what is behind them.
    void cut(std::size_t from, std::size_t count);

    // Makes a space of at least `size` bytes. Moves the bytes, when it has to.
    void make_room(std::size_t size);
    // Gives memory beyond `size` back; only when empty.
    void shrink_to(std::size_t size);

private:
    void move_to(std::unique_ptr<char[]> store, std::size_t capacity);

    std::unique_ptr<char[]> store_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace jebi::http
