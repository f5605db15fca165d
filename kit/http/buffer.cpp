#include "kit/http/buffer.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace jebi::http {

namespace {

constexpr std::size_t size_min = 4096;

}  // namespace

void Buffer::drop(std::size_t count) {
    begin_ += count;
    if (begin_ == end_) begin_ = end_ = 0;
}

void Buffer::cut(std::size_t from, std::size_t count) {
    if (count == 0) return;
    char* const to = store_.get() + begin_ + from;
    std::memmove(to, to + count, end_ - begin_ - from - count);
    end_ -= count;
}

void Buffer::make_room(std::size_t size) {
    if (capacity_ - end_ >= size) return;
    const std::size_t needed = bytes().size() + size;
    if (needed <= capacity_) {
        std::memmove(store_.get(), store_.get() + begin_, bytes().size());
        end_ -= begin_;
        begin_ = 0;
    } else {
        const std::size_t capacity = std::bit_ceil(std::max(needed, size_min));
        move_to(std::make_unique_for_overwrite<char[]>(capacity), capacity);
    }
}

void Buffer::shrink_to(std::size_t size) {
    if (!empty() || capacity_ <= size) return;
    store_.reset();
    capacity_ = begin_ = end_ = 0;
}

void Buffer::move_to(std::unique_ptr<char[]> store, std::size_t capacity) {
    std::ranges::copy(bytes(), store.get());
    end_ -= begin_;
    begin_ = 0;
    store_ = std::move(store);
    capacity_ = capacity;
}

}  // namespace jebi::http
