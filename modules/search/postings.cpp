#include "modules/search/postings.h"

#include <algorithm>

namespace jebi::search {

namespace {

constexpr std::uint32_t more_follows = 0x80;
constexpr int bits_a_byte = 7;
constexpr std::size_t id_bytes = 8;

// Hands each number to `take`.
template <typename Take>
void for_each(std::span<const std::uint8_t> postings, Take take) {
    std::uint32_t number = 0;
    std::uint32_t distance = 0;
    int shift = 0;
    for (const std::uint8_t byte : postings) {
        distance |= (byte & ~more_follows) << shift;
        shift += bits_a_byte;
        if ((byte & more_follows) != 0 && shift < 4 * bits_a_byte) continue;
        number += distance;
        take(number - 1);
        distance = 0;
        shift = 0;
    }
}

}  // namespace

// Distances are from one above, and begin at 1: no number has the distance 0.
void append(Bytes& postings, std::span<const std::uint32_t> more) {
    std::uint32_t last = 0;
    for_each(postings, [&](std::uint32_t number) { last = number + 1; });
    for (const std::uint32_t number : more) {
        std::uint32_t distance = number + 1 - last;
        last = number + 1;
        for (; distance >= more_follows; distance >>= bits_a_byte)
            postings.push_back(static_cast<std::uint8_t>(distance | more_follows));
        postings.push_back(static_cast<std::uint8_t>(distance));
    }
}

Numbers numbers_in(std::span<const std::uint8_t> postings) {
    Numbers numbers;
    numbers.reserve(postings.size());
    for_each(postings, [&](std::uint32_t number) { numbers.push_back(number); });
    return numbers;
}

void keep_common(Numbers& numbers, std::span<const std::uint8_t> postings) {
    auto at = numbers.begin();
    auto kept = numbers.begin();
    for_each(postings, [&](std::uint32_t number) {
        while (at != numbers.end() && *at < number)
            ++at;
        if (at != numbers.end() && *at == number) *kept++ = *at++;
    });
    numbers.erase(kept, numbers.end());
}

void append_id(Bytes& ids, std::uint64_t id) {
    for (std::size_t i = 0; i < id_bytes; ++i)
        ids.push_back(static_cast<std::uint8_t>(id >> (8 * i)));
}

std::uint64_t id_at(std::span<const std::uint8_t> ids, std::size_t number) {
    std::uint64_t id = 0;
    if ((number + 1) * id_bytes > ids.size()) return 0;
    for (std::size_t i = 0; i < id_bytes; ++i)
        id |= std::uint64_t{ids[number * id_bytes + i]} << (8 * i);
    return id;
}

}  // namespace jebi::search
