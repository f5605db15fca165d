#include "bench/logs/generator_words.h"

#include <array>

#include "bench/logs/generator.h"

namespace jebi::bench {

std::span<const Route> routes() {
    static constexpr std::array<Route, 24> all{{
        {"GET", "/tweets/:id", "tweets", 6},
        {"GET", "/users/:id", "accounts", 5},
        {"GET", "/", "timelines", 18},
        {"GET", "/users/:id/tweets", "tweets", 9},
        {"GET", "/tweets/:id/replies", "tweets", 8},
        {"GET", "/notifications", "notifications", 12},
        {"POST", "/tweets", "tweets", 14},
        {"PUT", "/tweets/:id/like", "tweets", 7},
        {"GET", "/users/:id/followers", "follows", 11},
        {"GET", "/search/:id", "search", 35},
        {"GET", "/users/:id/following", "follows", 11},
        {"GET", "/messages", "messages", 10},
        {"POST", "/users/:id/follow", "follows", 9},
        {"GET", "/static/jebi.css", "web", 1.2},
        {"GET", "/static/jebi.js", "web", 1.4},
        {"POST", "/tweets/:id/replies", "tweets", 15},
        {"POST", "/messages", "messages", 16},
        {"DELETE", "/tweets/:id/like", "tweets", 7},
        {"POST", "/login", "accounts", 85},
        {"GET", "/hashtags/:id", "search", 28},
        {"DELETE", "/tweets/:id", "tweets", 8},
        {"POST", "/logout", "accounts", 4},
        {"POST", "/users", "accounts", 120},
        {"GET", "/health", "web", 0.4},
    }};
    return all;
}

std::span<const std::string_view> inner_services() {
    static constexpr std::array<std::string_view, 5> all{"accounts", "tweets", "follows", "cache", "gateway"};
    return all;
}

std::span<const std::string_view> user_agents() {
    static constexpr std::array<std::string_view, 24> all{
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/131.0.0.0 Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile Safari/604.1",
        "Mozilla/5.0 (Linux; Android 15; SM-S928N) Chrome/131.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.1 Safari/605.1.15",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0",
        "Mozilla/5.0 (Linux; Android 14; SM-A546S) Chrome/130.0.0.0 Mobile Safari/537.36",
        "jebi-android/4.2.1 (SM-S918N; Android 14)",
        "jebi-ios/4.2.0 (iPhone16,1; iOS 18.1)",
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
        "Mozilla/5.0 (iPad; CPU OS 17_6 like Mac OS X) Version/17.6 Mobile Safari/604.1",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Whale/4.28.266.14 Safari/537.36",
        "jebi-android/4.1.9 (SM-G991N; Android 13)",
        "Mozilla/5.0 (Linux; Android 13; LM-V500N) SamsungBrowser/26.0 Mobile Safari/537.36",
        "curl/8.11.0",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "python-requests/2.32.3",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:133.0) Gecko/20100101 Firefox/133.0",
        "jebi-ios/4.1.8 (iPhone14,5; iOS 17.6.1)",
        "Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)",
        "Go-http-client/2.0",
        "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
        "axios/1.7.9",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    };
    return all;
}

std::span<const std::string_view> messages() {
    static constexpr std::array<std::string_view, 12> all{
        "request finished in ~ ms after # queries",
        "read # rows of timeline # in ~ ms",
        "cache hit for key user:#",
        "cache miss for key tweet:#, asked the store in ~ ms",
        "session # renewed",
        "rendered page home with # tweets",
        "sent # bytes in # pieces",
        "rate limit of client: # requests left",
        "pool connection # taken after ~ ms, # wait",
        "queue notifications holds # events, oldest # ms",
        "follower list # has # entries",
        "stored object # in shard #",
    };
    return all;
}

std::span<const std::string_view> error_messages() {
    static constexpr std::array<std::string_view, 5> all{
        "upstream tweets timed out after ~ ms, try #",     "connection # reset by peer, # bytes unsent",
        "circuit to accounts is open, # calls refused",    "no answer from shard #, # of # replicas left",
        "could not write event # to the queue: # waiting",
    };
    return all;
}

}  // namespace jebi::bench
