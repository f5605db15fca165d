#include "modules/tweets/text/punycode.h"

#include <algorithm>
#include <cstdint>

namespace jebi::tweets {

namespace {

// The encoder of RFC 3492, section 6.3, with its names and parameters; it counts digits instead of
// writing them.
class Encoder {
public:
    explicit Encoder(std::u32string_view label) : label_(label) {
        const auto basic = std::ranges::count_if(label, [](char32_t c) { return c < initial_n; });
        basic_ = handled_ = static_cast<std::uint32_t>(basic);
        size_ = basic_ == 0 ? 0 : basic_ + 1;  // and the delimiter
        while (handled_ < label_.size())
            insert_all_of(smallest_not_handled());
    }
    std::size_t size() const { return size_; }

private:
    static constexpr std::uint32_t base = 36;
    static constexpr std::uint32_t t_min = 1;
    static constexpr std::uint32_t t_max = 26;
    static constexpr std::uint32_t skew = 38;
    static constexpr std::uint32_t damp = 700;
    static constexpr std::uint32_t initial_bias = 72;
    static constexpr std::uint32_t initial_n = 0x80;

    std::uint32_t smallest_not_handled() const {
        std::uint32_t smallest = UINT32_MAX;
        for (const char32_t c : label_)
            if (c >= n_) smallest = std::min<std::uint32_t>(smallest, c);
        return smallest;
    }

    void insert_all_of(std::uint32_t point) {
        delta_ += (point - n_) * (handled_ + 1);
        n_ = point;
        for (const char32_t c : label_) {
            if (c < n_) ++delta_;
            if (c == n_) insert();
        }
        ++delta_;
        ++n_;
    }

    void insert() {
        size_ += digits(delta_);
        adapt(handled_ == basic_ ? delta_ / damp : delta_ / 2);
        delta_ = 0;
        ++handled_;
    }

    std::size_t digits(std::uint32_t q) const {
        for (std::uint32_t k = base;; k += base) {
            const std::uint32_t t = k <= bias_ + t_min ? t_min : std::min(k - bias_, t_max);
            if (q < t) return k / base;
            q = (q - t) / (base - t);
        }
    }

    void adapt(std::uint32_t delta) {
        delta += delta / (handled_ + 1);
        bias_ = 0;
        for (; delta > (base - t_min) * t_max / 2; bias_ += base)
            delta /= base - t_min;
        bias_ += base * delta / (delta + skew);
    }

    std::u32string_view label_;
    std::uint32_t basic_ = 0;
    std::uint32_t handled_ = 0;
    std::uint32_t n_ = initial_n;
    std::uint32_t delta_ = 0;
    std::uint32_t bias_ = initial_bias;
    std::size_t size_ = 0;
};

}  // namespace

std::size_t punycode_size(std::u32string_view label) {
    return Encoder(label).size();
}

}  // namespace jebi::tweets
