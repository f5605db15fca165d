#include "modules/log_analytics/store/tail_column.h"

#include <algorithm>
#include <cstring>

#include "kit/base/hash.h"
#include "kit/base/trace.h"
#include "modules/log_analytics/store/equal.h"

namespace jebi::log_analytics {

namespace {

// When most of so many values were new, equal ones are no longer looked for.
constexpr std::uint64_t values_before_judging = 32'768;  // fewer make skewed columns look as if all were new
constexpr std::uint64_t new_in_ten_max = 6;

constexpr std::uint64_t page_of(std::uint64_t row) {
    return row / block_rows_max;
}
constexpr std::uint64_t place_of(std::uint64_t row) {
    return row % block_rows_max;
}

template <typename T>
std::vector<const T*> pointers(const std::vector<std::unique_ptr<T[]>>& pages) {
    std::vector<const T*> all;
    all.reserve(pages.size());
    for (const auto& page : pages)
        all.push_back(page.get());
    return all;
}

}  // namespace

std::string_view TextArena::keep(std::string_view text) {
    if (text.empty()) return "";
    if (text.size() > left_) {
        const std::size_t size = std::max(next_chunk_bytes_, text.size());
        chunks_.push_back(std::make_unique_for_overwrite<char[]>(size));
        at_ = chunks_.back().get();
        left_ = size;
        bytes_ += size;
        next_chunk_bytes_ = std::min(next_chunk_bytes_ * 2, chunk_bytes_max);
    }
    std::memcpy(at_, text.data(), text.size());
    const std::string_view kept{at_, text.size()};
    at_ += text.size();
    left_ -= text.size();
    return kept;
}

std::uint32_t CodeTable::hash_of(std::string_view text) const {
    return static_cast<std::uint32_t>(hash64(text, seed_));
}

void CodeTable::reserve(std::size_t more) {
    while ((used_ + more) * 2 >= slots_.size())
        grow();
}

std::uint32_t CodeTable::find(std::string_view text, std::uint32_t hash,
                              const std::vector<std::unique_ptr<std::string_view[]>>& texts) {
    hash_ = hash;
    const Slot* const slots = slots_.data();
    const std::size_t mask = slots_.size() - 1;
    for (place_ = hash_ & mask;; place_ = (place_ + 1) & mask) {
        const Slot& slot = slots[place_];
        if (slot.code == 0) return 0;
        if (slot.hash != hash_) continue;
        const std::uint32_t index = slot.code - 1;
        if (is_equal(texts[index >> Dictionary::page_bits][index & (Dictionary::page_size - 1)], text))
            return slot.code;
    }
}

std::uint32_t CodeTable::likely_code(std::uint32_t hash) const {
    const Slot& slot = slots_[hash & (slots_.size() - 1)];
    return slot.hash == hash ? slot.code : 0;
}

void CodeTable::insert(std::uint32_t code) {
    slots_[place_] = {.hash = hash_, .code = code};
    ++used_;
}

void CodeTable::grow() {
    std::vector<Slot> old = std::move(slots_);
    slots_.assign(std::max<std::size_t>(64, old.size() * 2), {});
    for (const Slot& slot : old) {
        if (slot.code == 0) continue;
        std::size_t place = slot.hash & (slots_.size() - 1);
        while (slots_[place].code != 0)
            place = (place + 1) & (slots_.size() - 1);
        slots_[place] = slot;
    }
}

template <typename T>
T* TailColumn::page(Owned<T>& pages, std::uint64_t row) {
    const std::uint64_t index = page_of(row);
    if (index < pages.size() && pages[index] != nullptr) return pages[index].get();
    auto fresh = std::make_unique<T[]>(block_rows_max);
    T* made = fresh.get();
    bytes_ += block_rows_max * sizeof(T);
    const std::lock_guard lock{mutex_};
    if (index >= pages.size()) pages.resize(index + 1);
    pages[index] = std::move(fresh);
    return made;
}

// Slot, text and the text's bytes lie in three places: each is asked for early for all, so that the memory
// works on many at once.
void TailColumn::fetch_staged() {
    table_.reserve(staged_.size());
    for (Staged& staged : staged_) {
        staged.hash = table_.hash_of(staged.text);
        table_.prefetch(staged.hash);
    }
    if (!table_.is_large()) return;
    for (Staged& staged : staged_) {
        staged.likely_code = table_.likely_code(staged.hash);
        if (staged.likely_code != 0) __builtin_prefetch(&text_of(staged.likely_code));
    }
    for (const Staged& staged : staged_) {
        if (staged.likely_code != 0) __builtin_prefetch(text_of(staged.likely_code).data());
    }
}

void TailColumn::append_staged() {
    if (uses_table_) fetch_staged();
    for (const Staged& staged : staged_)
        page(codes_, staged.row)[place_of(staged.row)] = code_of(staged);
    staged_.clear();
}

void TailColumn::integer(std::uint64_t row, std::int64_t value) {
    page(integers_, row)[place_of(row)] = value;
    page(present_, row)[place_of(row)] = 1;
}

void TailColumn::number(std::uint64_t row, double value) {
    page(numbers_, row)[place_of(row)] = value;
    page(present_, row)[place_of(row)] = 1;
}

std::uint32_t TailColumn::code_of(const Staged& staged) {
    ++values_;
    if (!uses_table_) return new_code(staged.text);
    if (const std::uint32_t known = table_.find(staged.text, staged.hash, texts_)) return known;
    const std::uint32_t code = new_code(staged.text);
    table_.insert(code);
    consider_table();
    return code;
}

std::uint32_t TailColumn::new_code(std::string_view text) {
    const std::uint32_t index = texts_count_++;
    page(texts_, index)[index & (Dictionary::page_size - 1)] = arena_.keep(text);
    return index + 1;
}

void TailColumn::consider_table() {
    if (values_ < values_before_judging || texts_count_ * 10 <= values_ * new_in_ten_max) return;
    uses_table_ = false;
    table_ = CodeTable{};
}

TailColumn::Pages TailColumn::pages() const {
    return {.codes = pointers(codes_),
            .integers = pointers(integers_),
            .numbers = pointers(numbers_),
            .present = pointers(present_),
            .texts = pointers(texts_),
            .texts_count = texts_published_};
}

}  // namespace jebi::log_analytics
