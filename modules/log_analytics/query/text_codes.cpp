#include "modules/log_analytics/query/text_codes.h"

#include <limits>

namespace jebi::log_analytics::query {

namespace {

constexpr std::size_t many_new_in = 4;  // a block of which one row in so many brings a new text
constexpr std::size_t chunk_texts = 1'024;

}  // namespace

std::uint32_t TextCodes::code_of_entry(std::uint32_t entry) {
    if (codes_.size() <= entry) codes_.resize(table_.texts().size());
    std::uint32_t& code = codes_[entry];
    if (code == 0) {
        texts_.push_back(table_.texts()[entry]);
        code = static_cast<std::uint32_t>(texts_.size());
    }
    return code;
}

void TextCodes::codes_of(std::span<const std::string_view> texts, std::span<std::uint32_t> codes) {
    table_.codes_of(texts, codes);
    for (std::uint32_t& code : codes)
        code = code_of_entry(code);
}

void TextCodes::begin(const std::shared_ptr<const Texts>& dictionary) {
    if (dictionary_ != dictionary) {
        dictionary_ = dictionary;
        known_.assign(dictionary->size() + 1, 0);
        known_entries_.clear();
    }
    known_.resize(dictionary->size() + 1);  // an evaluator's own texts may have grown
}

void TextCodes::learn_all() {
    const std::uint32_t size = dictionary_->size();
    known_entries_.resize(size + 1);
    for (std::uint32_t from = 1; from <= size; from += chunk_texts) {
        new_texts_.clear();
        for (std::uint32_t code = from; code <= size && new_texts_.size() < chunk_texts; ++code)
            new_texts_.push_back((*dictionary_)[code]);
        table_.codes_of(new_texts_, std::span(known_entries_).subspan(from, new_texts_.size()));
    }
}

// Looks up the texts that no row has had before.
void TextCodes::learn(const Vector& values) {
    constexpr std::uint32_t is_listed = std::numeric_limits<std::uint32_t>::max();
    std::uint32_t* const known = known_.data();
    new_codes_.clear();
    for (const std::uint32_t theirs : values.codes) {
        if (known[theirs] != 0 || theirs == 0) continue;
        known[theirs] = is_listed;
        new_codes_.push_back(theirs);
    }
    const bool many = new_codes_.size() * many_new_in > values.codes.size() && dictionary_->dictionary();
    if (many && known_entries_.empty() && dictionary_->size() > new_codes_.size()) learn_all();
    if (!known_entries_.empty()) {
        for (const std::uint32_t theirs : new_codes_)
            known[theirs] = code_of_entry(known_entries_[theirs]);
        return;
    }
    new_texts_.clear();
    for (const std::uint32_t theirs : new_codes_)
        new_texts_.push_back((*dictionary_)[theirs]);
    new_entries_.resize(new_texts_.size());
    codes_of(new_texts_, new_entries_);
    for (std::size_t i = 0; i < new_codes_.size(); ++i)
        known[new_codes_[i]] = new_entries_[i];
}

void TextCodes::codes_of(const Vector& values, std::size_t rows, std::vector<std::uint32_t>& out) {
    begin(values.texts);
    learn(values);
    out.resize(rows);
    if (values.is_constant) return out.assign(rows, known_[values.codes[0]]);
    // Plain pointers: the library's check of every index would cost more than the work.
    const std::uint32_t *const known = known_.data(), *const theirs = values.codes.data();
    std::uint32_t* const ours = out.data();
    for (std::size_t i = 0; i < rows; ++i)
        ours[i] = known[theirs[i]];
}

std::size_t TextCodes::bytes() const {
    const std::size_t codes = codes_.capacity() + known_.capacity() + known_entries_.capacity() +
                              new_codes_.capacity() + new_entries_.capacity();
    return table_.bytes() + codes * sizeof(std::uint32_t) +
           (texts_.capacity() + new_texts_.capacity()) * sizeof(std::string_view);
}

}  // namespace jebi::log_analytics::query
