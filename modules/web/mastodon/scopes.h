// The words that say what a program may do. Which there are, is known by the accounts; here they are only
// told apart.
#pragma once

#include <array>
#include <string_view>
#include <vector>

namespace jebi::web::mastodon {

inline constexpr std::array<std::string_view, 4> wide_scopes{"read", "write", "follow", "push"};

// "read write:statuses" -> "read", "write:statuses".
inline std::vector<std::string_view> words_of_scopes(std::string_view scopes) {
    std::vector<std::string_view> words;
    while (!scopes.empty()) {
        const auto end = std::min(scopes.find(' '), scopes.size());
        if (end > 0) words.push_back(scopes.substr(0, end));
        scopes.remove_prefix(std::min(end + 1, scopes.size()));
    }
    return words;
}

}  // namespace jebi::web::mastodon
