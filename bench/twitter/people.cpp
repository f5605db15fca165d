#include "bench/twitter/people.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace jebi::bench {

namespace {

constexpr std::uint32_t followings_max = 1'000;
constexpr std::uint32_t few = 40;
constexpr std::uint32_t first_star = 2, stars = 3;
constexpr double star_part = 0.35, followed_back = 0.2;

constexpr std::array<const char*, 24> words{
    "오늘은", "제비를", "세",         "마리",   "봤다",           "아침",  "공기가", "좋다", "서울",
    "하늘이", "맑고",   "바람이",     "분다",   "커피",           "한",    "잔과",   "함께", "코드를",
    "고친다", "내일",   "워크숍에서", "만나요", "마이크로서비스", "이야기"};

double any_part(std::mt19937_64& random) {
    return std::uniform_real_distribution{0.0, 1.0}(random);
}

class Graph {
public:
    Graph(const Shape& shape, std::mt19937_64& random) : shape_(shape), random_(random) {}

    std::vector<Follow> follows() {
        if (shape_.stars) follow_stars();
        std::lognormal_distribution count{3.14, 1.0};  // a mean of 38
        for (std::uint32_t person = 0; person < shape_.people; ++person) {
            const auto wanted = std::min(static_cast<std::uint32_t>(count(random_)), followings_max);
            for (std::uint32_t i = 0; i < wanted; ++i)
                follow(person, somebody(random_, shape_.people));
        }
        return std::move(follows_);
    }

private:
    void follow_stars() {
        for (std::uint32_t person = 1; person < shape_.people; ++person) {
            add(person, followed_by_all);
            for (std::uint32_t star = first_star; star < first_star + stars; ++star)
                if (any_part(random_) < star_part) add(person, star);
        }
        const std::uint32_t step = (shape_.people - first_star) / few;
        for (std::uint32_t i = 0; i < few; ++i)
            add(first_star + i * step, followed_by_40);
    }

    void follow(std::uint32_t person, std::uint32_t other) {
        if (shape_.stars && (other == followed_by_40 || person == followed_by_40)) return;
        add(person, other);
        if (any_part(random_) < followed_back) add(other, person);
    }

    void add(std::uint32_t follower, std::uint32_t followed) {
        const std::uint64_t pair = (std::uint64_t{follower} << 32) | followed;
        if (follower != followed && known_.insert(pair).second) follows_.push_back({follower, followed});
    }

    const Shape& shape_;
    std::mt19937_64& random_;
    std::set<std::uint64_t> known_;
    std::vector<Follow> follows_;
};

}  // namespace

People made_people(const Shape& shape) {
    std::mt19937_64 random{shape.seed};
    People people{.count = shape.people, .follows = Graph{shape, random}.follows()};
    for (std::uint32_t i = 0; i < shape.people * shape.posts_each; ++i)
        people.posts.push_back({somebody(random, shape.people), some_text(random, shape.people)});
    return people;
}

std::uint32_t somebody(std::mt19937_64& random, std::uint32_t people) {
    const auto at = static_cast<std::uint32_t>(std::pow(any_part(random), 2.5) * people);
    return std::min(at, people - 1);
}

std::string some_text(std::mt19937_64& random, std::uint32_t people) {
    std::string text;
    const auto count = 6 + random() % 28;
    for (std::uint64_t i = 0; i < count; ++i)
        text += std::string(words[random() % words.size()]) + ' ';
    const auto kind = random() % 10;
    if (kind < 2) return text + "#제비";
    if (kind == 2) return text + "@" + username(somebody(random, people));
    if (kind == 3) return text + "https://example.org/birds/" + std::to_string(random() % 1'000);
    text.pop_back();
    return text;
}

std::string username(std::uint32_t person) {
    return "person" + std::to_string(person);
}

}  // namespace jebi::bench
