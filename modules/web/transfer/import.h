// What becomes of a file that export.h made, in the account that brings it here:
//
//   profile              display name, bio and link are as in the file
//   tweets               stand at their old times, marked as edited now (tweets.proto); answers to one's own
//                        are answers again, answers to others stand alone, reposts stay away
//   following, blocked, muted   for whoever has that name here
//
// Likes, followers and messages belong to others too: they stay in the file. Bringing a file twice is the
// same as once, so one that took too long is simply brought again.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "modules/web/site.h"

namespace jebi::web::transfer {

inline constexpr std::size_t file_bytes_max = 16 * 1024 * 1024;
inline constexpr std::size_t tweets_max = 20'000;  // of one file
inline constexpr std::size_t names_max = 10'000;   // of each list

struct Brought {
    struct Tweet {
        std::string id;
        std::string text;
        WallMs created_ms = 0;
        std::string reply_to;  // an id; empty: none
    };
    std::string display_name, bio, link;
    std::vector<Tweet> tweets;  // without reposts
    std::vector<std::string> following, blocked, muted;
};

// `invalid` with field "file": no JSON (file_invalid), no such format or version (file_unknown), cut off
// (file_cut), beyond the bounds (file_too_large). Members that are not known are ignored.
Result<Brought> brought_from(std::string_view json);

struct Outcome {
    std::size_t tweets = 0;
    std::size_t refused = 0;  // tweets that cannot be kept here
    std::size_t people = 0;   // followed, blocked, muted
    std::size_t missing = 0;  // names that nobody has here
    bool is_whole = false;    // otherwise time was up, or a module was away: bring it again
};
// As the user of `call`, until then. Tweets oldest first.
Outcome bring(const Site& site, const Call& call, Brought brought, Deadline until);

}  // namespace jebi::web::transfer
