#include <cctype>
#include <regex>
#include <set>

#include "tests/tidy/tidy.h"

namespace jebi::tidy {
namespace {

bool is_word(char letter) {
    return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_';
}

// Reads C++ just well enough to tell strings from everything else.
class Scanner {
public:
    explicit Scanner(std::string_view source) : source_(source) {}

    std::vector<std::string> literals() {
        while (at_ < source_.size())
            step();
        return std::move(found_);
    }

private:
    bool ahead(std::string_view text) const { return source_.substr(at_).starts_with(text); }
    void skip_past(std::string_view end) {
        const auto found = source_.find(end, at_);
        at_ = found == std::string_view::npos ? source_.size() : found + end.size();
    }

    void step() {
        if (ahead("//")) return skip_past("\n");
        if (ahead("/*")) return skip_past("*/");
        if (ahead("R\"") && (at_ == 0 || !is_word(source_[at_ - 1]))) return raw();
        if (ahead("\"")) return add(quoted('"'));
        // Between digits an apostrophe only separates them: 10'000.
        if (ahead("'") && (at_ == 0 || !is_word(source_[at_ - 1]))) return void(quoted('\''));
        if (std::isspace(static_cast<unsigned char>(source_[at_])) == 0) after_literal_ = false;
        ++at_;
    }

    std::string quoted(char quote) {
        std::string text;
        for (++at_; at_ < source_.size() && source_[at_] != quote; ++at_) {
            if (source_[at_] == '\\') ++at_;
            if (at_ < source_.size()) text += source_[at_];
        }
        ++at_;
        return text;
    }

    void raw() {
        const auto open = source_.find('(', at_);
        if (open == std::string_view::npos) return void(at_ = source_.size());
        const std::string end = ")" + std::string(source_.substr(at_ + 2, open - at_ - 2)) + "\"";
        at_ = open + 1;
        const auto begin = at_;
        skip_past(end);
        add(std::string(source_.substr(begin, at_ - begin - end.size())));
    }

    void add(const std::string& text) {
        if (after_literal_) {
            found_.back() += text;
        } else {
            found_.push_back(text);
        }
        after_literal_ = true;
    }

    std::string_view source_;
    std::size_t at_ = 0;
    bool after_literal_ = false;
    std::vector<std::string> found_;
};

std::vector<std::string> names_after(const std::string& sql, const std::string& pattern) {
    const std::regex expression(pattern, std::regex::icase);
    std::vector<std::string> names;
    for (std::sregex_iterator match(sql.begin(), sql.end(), expression), end; match != end; ++match) {
        names.push_back((*match)[1]);
    }
    return names;
}

}  // namespace

std::vector<std::string> string_literals(std::string_view source) {
    return Scanner(source).literals();
}

std::vector<std::string> tables_in(const std::string& sql) {
    static const std::string table =
        R"(\b(?:FROM|JOIN|INTO|UPDATE|REFERENCES|INDEX\s+(?:IF\s+NOT\s+EXISTS\s+)?\w+\s+ON)"
        R"(|TABLE(?:\s+IF(?:\s+NOT)?\s+EXISTS)?)\s+(\w+))";
    // "ON CONFLICT DO UPDATE SET" names no table, nor does "IF", nor a name that WITH has just defined.
    std::set<std::string> defined{"SET", "set", "IF", "if"};
    for (auto& name : names_after(sql, R"((\w+)\s*(?:\([^()]*\)\s*)?AS\s*(?:MATERIALIZED\s*)?\()"))
        defined.insert(name);
    std::vector<std::string> tables;
    for (auto& name : names_after(sql, table)) {
        if (!defined.contains(name)) tables.push_back(name);
    }
    return tables;
}

}  // namespace jebi::tidy
