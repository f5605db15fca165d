// Posts as people write them, by the million, from a seed: Korean and English, words whose frequency falls
// with their rank (Zipf, exponent 1), Korean with particles and now and then without spaces, hashtags of a
// few.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace jebi::bench {

class Posts {
public:
    explicit Posts(std::uint64_t seed);

    std::string next();
    // What somebody may look for: one word or two, from the whole range of frequencies.
    std::string query();

private:
    const std::string& word(const std::vector<std::string>& words);
    std::string korean();
    std::string english();

    std::mt19937_64 random_;
    std::vector<std::string> korean_words_;
    std::vector<std::string> english_words_;
};

}  // namespace jebi::bench
