// The distinct texts of one expression, by code: the half of an interner (interner.h) for texts.
//
// A dictionary's texts are looked up once each, not once per row. Look-ups in a table of many texts are what
// counting by such a column costs, so they are done many at a time, and, where a block brings many texts that
// are new, for the whole dictionary in the order in which it lies in memory.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "modules/log_analytics/query/code_table.h"
#include "modules/log_analytics/query/vector.h"

namespace jebi::log_analytics::query {

// Of one thread. Codes begin at 1 and are given to texts in the order in which rows have them; 0 is NULL.
class TextCodes {
public:
    void codes_of(const Vector& values, std::size_t rows, std::vector<std::uint32_t>& out);
    // The same without rows.
    void codes_of(std::span<const std::string_view> texts, std::span<std::uint32_t> codes);
    std::uint32_t code_of(std::string_view text) { return code_of_entry(table_.code_of(text)); }

    const std::vector<std::string_view>& texts() const { return texts_; }  // by code - 1
    std::size_t bytes() const;

private:
    void begin(const std::shared_ptr<const Texts>& dictionary);
    void learn(const Vector& values);
    void learn_all();
    std::uint32_t code_of_entry(std::uint32_t entry);

    TextTable table_;                      // may have texts that no row has had yet
    std::vector<std::uint32_t> codes_;     // by entry of the table; 0: no row has had it
    std::vector<std::string_view> texts_;  // by code - 1; they lie in the table

    std::shared_ptr<const Texts>
        dictionary_;                    // of the block before; held, so that no other stands at its address
    std::vector<std::uint32_t> known_;  // our code for each of the dictionary's; 0: no row has had it
    std::vector<std::uint32_t> known_entries_;  // the table's entry for each, when all were looked up
    // Of one block: the dictionary's codes that are new, their texts and entries.
    std::vector<std::uint32_t> new_codes_, new_entries_;
    std::vector<std::string_view> new_texts_;
};

}  // namespace jebi::log_analytics::query
