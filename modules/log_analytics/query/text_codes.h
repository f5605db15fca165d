// The distinct texts of one expression, by code: the half of an interner (interner.h) for texts.
//
// A dictionary's texts are looked up once each, not once per row, and those that a block brings are looked up
// together: that is most of what counting by a column of many texts costs.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "modules/log_analytics/query/code_table.h"
#include "modules/log_analytics/query/vector.h"

namespace jebi::log_analytics::query {

// Of one thread. Codes begin at 1; 0 is NULL.
class TextCodes {
public:
    void codes_of(const Vector& values, std::size_t rows, std::vector<std::uint32_t>& out);
    void codes_of(std::span<const std::string_view> texts, std::span<std::uint32_t> codes);
    std::uint32_t code_of(std::string_view text) { return table_.code_of(text) + 1; }

    const std::vector<std::string_view>& texts() const { return table_.texts(); }  // by code - 1
    std::size_t bytes() const;

private:
    void learn(const Vector& values);

    TextTable table_;
    std::shared_ptr<const Texts>
        dictionary_;                    // of the block before; held, so that no other stands at its address
    std::vector<std::uint32_t> known_;  // our code for each of the dictionary's; 0: no row has had it
    // Of one block: the dictionary's codes that are new, their texts, and our codes for them.
    std::vector<std::uint32_t> new_codes_, learnt_codes_;
    std::vector<std::string_view> new_texts_;
};

}  // namespace jebi::log_analytics::query
