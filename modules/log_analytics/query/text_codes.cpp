#include "modules/log_analytics/query/text_codes.h"

#include <limits>

namespace jebi::log_analytics::query {

void TextCodes::codes_of(std::span<const std::string_view> texts, std::span<std::uint32_t> codes) {
    table_.codes_of(texts, codes);
    for (std::uint32_t& code : codes)
        ++code;
}

// Looks up the texts that no row has had before.
void TextCodes::learn(const Vector& values) {
    if (dictionary_ != values.texts) {
        dictionary_ = values.texts;
        known_.assign(dictionary_->size() + 1, 0);
    }
    known_.resize(dictionary_->size() + 1);  // an evaluator's own texts may have grown
    constexpr std::uint32_t is_listed = std::numeric_limits<std::uint32_t>::max();
    std::uint32_t* const known = known_.data();
    new_codes_.clear();
    for (const std::uint32_t theirs : values.codes) {
        if (known[theirs] != 0 || theirs == 0) continue;
        known[theirs] = is_listed;
        new_codes_.push_back(theirs);
    }
    new_texts_.clear();
    for (const std::uint32_t theirs : new_codes_)
        new_texts_.push_back((*dictionary_)[theirs]);
    learnt_codes_.resize(new_texts_.size());
    codes_of(new_texts_, learnt_codes_);
    for (std::size_t i = 0; i < new_codes_.size(); ++i)
        known[new_codes_[i]] = learnt_codes_[i];
}

void TextCodes::codes_of(const Vector& values, std::size_t rows, std::vector<std::uint32_t>& out) {
    learn(values);
    out.resize(rows);
    if (values.is_constant) return out.assign(rows, known_[values.codes[0]]);
    // Plain pointers: the library's check of every index would cost more than the work.
    const std::uint32_t *const known = known_.data(), *theirs = values.codes.data();
    for (std::uint32_t& ours : out)
        ours = known[*theirs++];
}

std::size_t TextCodes::bytes() const {
    return table_.bytes() + new_texts_.capacity() * sizeof(std::string_view) +
           (known_.capacity() + new_codes_.capacity() + learnt_codes_.capacity()) * sizeof(std::uint32_t);
}

}  // namespace jebi::log_analytics::query
