// HTML that was made a moment ago and may be shown again: parts of pages that are the same for many readers
// (fragment caching, as Rails and Django call it).
//
// A fragment is kept with all that it was made from, and only the very same finds it, so there is nothing
// that must be told when something changes: what is made from something else is another fragment. It rests on
// who asks to name all.
//
// Fixed room (id_table.h). Thread-safe; locked for microseconds, never across a wait.
#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "modules/web/id_table.h"

namespace jebi::web {

// What a fragment is made from: values in their order, none of which can be taken for another.
class MadeFrom {
public:
    MadeFrom() { bytes_.reserve(bytes_usual); }
    MadeFrom& add(std::string_view text) {
        add(text.size());
        bytes_ += text;
        return *this;
    }
    MadeFrom& add(std::integral auto number) {
        const auto bytes = std::bit_cast<std::array<char, 8>>(static_cast<std::uint64_t>(number));
        bytes_.append(bytes.data(), bytes.size());
        return *this;
    }
    const std::string& bytes() const { return bytes_; }

private:
    static constexpr std::size_t bytes_usual = 256;
    std::string bytes_;
};

using SharedHtml = std::shared_ptr<const std::string>;

class Fragments {
public:
    static constexpr std::size_t fragments_max = 4'096;  // of a post: about 3 KB each

    Fragments() : kept_(fragments_max) {}

    // Null when it is not there. `place` is a number for what the fragment shows, 0 for nothing: what was
    // kept there for it before, made from something else, gives way to the new one.
    SharedHtml find(std::uint64_t place, const MadeFrom& from) const;
    void keep(std::uint64_t place, MadeFrom from, SharedHtml html);

private:
    struct Kept {
        std::string from;
        SharedHtml html;
    };

    mutable std::mutex mutex_;
    IdTable<Kept> kept_;
};

}  // namespace jebi::web
