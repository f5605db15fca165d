#include "modules/web/visits/events.h"

#include <algorithm>

namespace jebi::web {

void Events::put(std::string_view line) noexcept {
    if (!on_) return;
    bool is_in = false;
    try {
        is_in = append(line);
    } catch (...) {  // no memory
    }
    if (!is_in) drop();
}

bool Events::append(std::string_view line) {
    const std::lock_guard lock{mutex_};
    const std::size_t size = line.size() + 1;
    if (count_ >= bounds_.count_max || bytes_ + size > bounds_.bytes_max) return false;
    if (chunks_.empty() || chunks_.back().lines.size() + size > chunk_bytes)
        chunks_.emplace_back().lines.reserve(std::max(chunk_bytes, size));
    Chunk& chunk = chunks_.back();
    chunk.lines.append(line).append(1, '\n');
    ++chunk.count;
    ++count_;
    bytes_ += size;
    return true;
}

std::string Events::take(std::size_t bytes_max) {
    std::deque<Chunk> taken;
    std::size_t bytes = 0;
    {
        const std::lock_guard lock{mutex_};
        while (!chunks_.empty() && (taken.empty() || bytes + chunks_.front().lines.size() <= bytes_max)) {
            bytes += chunks_.front().lines.size();
            count_ -= chunks_.front().count;
            taken.push_back(std::move(chunks_.front()));
            chunks_.pop_front();
        }
        bytes_ -= bytes;
    }
    if (taken.size() == 1) return std::move(taken.front().lines);
    std::string lines;
    lines.reserve(bytes);
    for (const Chunk& chunk : taken)
        lines += chunk.lines;
    return lines;
}

std::size_t Events::count() const {
    const std::lock_guard lock{mutex_};
    return count_;
}

}  // namespace jebi::web
