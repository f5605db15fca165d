// Who follows whom and who wrote what: the same for the same seed.
//
// Each follows some 38 others (log-normal, at most 1,000), a fifth of whom follow back; how popular somebody
// is falls with the rank, so that the first few are followed by far more people than most. With stars, three
// are followed by 35 % of all each, the first person by everybody, and the second by exactly 40, whom nobody
// follows back.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace jebi::bench {

struct Follow {
    std::uint32_t follower = 0, followed = 0;  // people are counted from 0, in the order of their rank
};

struct Post {
    std::uint32_t author = 0;
    std::string text;
};

struct People {
    std::uint32_t count = 0;
    std::vector<Follow> follows;  // each pair once
    std::vector<Post> posts;      // oldest first; whoever is popular writes more
};

struct Shape {
    std::uint32_t people = 0;
    std::uint32_t posts_each = 5;  // on average
    bool stars = false;
    std::uint64_t seed = 20'261'126;
};

inline constexpr std::uint32_t followed_by_all = 0, followed_by_40 = 1;

People made_people(const Shape& shape);

// Somebody, the popular ones more often.
std::uint32_t somebody(std::mt19937_64& random, std::uint32_t people);
// Korean, 20 to 140 letters, now and then with a hashtag, a mention or a link.
std::string some_text(std::mt19937_64& random, std::uint32_t people);
std::string username(std::uint32_t person);

}  // namespace jebi::bench
