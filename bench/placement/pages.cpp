#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "bench/load.h"
#include "bench/placement/parts.h"

namespace jebi::bench {

namespace {

constexpr std::uint32_t reader = 10, other = followed_by_all;
constexpr double well_ms_max = 60'000;
constexpr double patience_s = 3;          // longer than a page takes that waits for all it may wait for
constexpr const char* list = "<article";  // a post of a page

struct Asked {
    std::string name, request, has;  // `has` is in every answer that is whole
};

std::string sending(const std::string& method, const std::string& path, const std::string& json,
                    const std::string& token) {
    return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token +
           "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(json.size()) +
           "\r\n\r\n" + json;
}

Works judged(const std::string& answer, const std::string& has) {
    const bool is_good = answer.size() > 9 && (answer[9] == '2' || answer[9] == '3');
    if (!is_good) return Works::no;
    if (answer.find("class=\"alert") != std::string::npos) {
        // Where there is a notice, something of the thing itself must be there too.
        return answer.find(list) == std::string::npos && has == list ? Works::no : Works::with_notice;
    }
    return answer.find(has) == std::string::npos ? Works::no : Works::as_ever;
}

class Pages {
public:
    Pages(const Filled& site, const Running& split) : running_(split) {
        const std::string me = site.tokens[reader], you = site.tokens[other];
        const std::string my_name = username(reader), your_name = username(other);
        must(sending("PUT", "/api/v1/users/" + your_name + "/follow", "", me));
        must(sending("PUT", "/api/v1/users/" + my_name + "/follow", "", you));
        must(sending("POST", "/api/v1/messages/" + my_name, R"({"text":"a word to you"})", you));
        const std::string posted = must(
            sending("POST", "/api/v1/tweets", "{\"text\":\"@" + my_name + " a swallow #swallow\"}", you));
        const std::string thread = "/tweets/" + id_in(posted);
        const auto page = [&](const std::string& name, const std::string& path, const std::string& has) {
            pages_.push_back({name, read_page(path, me), has});
        };
        const auto visited = [&](const std::string& name, const std::string& path, const std::string& has) {
            pages_.push_back({name, read_page(path, ""), has});
        };
        page("home", "/", list);
        page("everybody's tweets", "/tweets", list);
        page("profile", "/users/" + your_name, list);
        page("profile, followers", "/users/" + your_name + "/followers", "/users/");
        page("thread", thread, list);
        page("hashtag", "/tweets/hashtag/swallow", list);
        page("search: tweets", "/search?q=swallow&in=posts", list);
        page("search: people", "/search?q=" + your_name + "&in=people", your_name);
        page("notifications", "/notifications", "/users/" + your_name);
        page("messages", "/messages", your_name);
        page("conversation", "/messages/" + your_name, "a word to you");
        page("user list", "/userslist", "@");
        page("settings", "/settings", "display_name");
        page("analytics", "/analytics", "<");
        visited("home, as a visitor", "/", list);
        visited("profile, as a visitor", "/users/" + your_name, list);
        visited("thread, as a visitor", thread, list);
        visited("page to sign in", "/login", "password");
        page("Mastodon: home timeline", "/api/v1/timelines/home", "\"id\"");
        page("Mastodon: notifications", "/api/v1/notifications", "\"id\"");
        page("GET /api/v1/tweets", "/api/v1/tweets", "\"id\"");
        page("GET /api/v1/users/{name}", "/api/v1/users/" + your_name, your_name);
        page("GET /api/v1/search", "/api/v1/search?q=swallow", "swallow");
        pages_.push_back(
            {"POST /api/v1/tweets", sending("POST", "/api/v1/tweets", R"({"text":"a word"})", me), "\"id\""});
        pages_.push_back({"PUT /api/v1/users/{name}/follow",
                          sending("PUT", "/api/v1/users/" + your_name + "/follow", "", me), ""});
    }

    void wait_until_well() const {
        const auto start = now_ns();
        for (std::string lacking = "?"; !lacking.empty();) {
            lacking.clear();
            const std::vector<Works> found = now();
            for (std::size_t i = 0; i < found.size(); ++i)
                if (found[i] != Works::as_ever) lacking += (lacking.empty() ? "" : ", ") + pages_[i].name;
            if (ms_since(start) < well_ms_max || lacking.empty()) continue;
            std::fprintf(stderr, "bench: not as ever with all processes there: %s\n", lacking.c_str());
            std::_Exit(1);
        }
    }

    // Nobody starts it again meanwhile: the supervisor is held.
    std::vector<Works> without(const std::string& process) const {
        const pid_t dead = running_.process(process).pid;
        if (dead == 0 || !running_.hold_supervisor()) {
            std::fprintf(stderr, "bench: %s cannot be kept dead\n", process.c_str());
            std::_Exit(1);
        }
        ::kill(dead, SIGKILL);
        std::vector<Works> found = now();
        running_.let_supervisor_go();
        return found;
    }

    const std::vector<Asked>& all() const { return pages_; }

private:
    std::string must(const std::string& request) const {
        std::string answer = ask(running_.port(), request);
        if (answer.size() > 9 && answer[9] == '2') return answer;
        std::fprintf(stderr, "bench: %s\n", answer.c_str());
        std::_Exit(1);
    }
    static std::string id_in(const std::string& answer) {
        const auto at = answer.find("\"id\":\"") + 6;
        return answer.substr(at, answer.find('"', at) - at);
    }

    // All at once, since some wait as long as a page may.
    std::vector<Works> now() const {
        std::vector<Works> found(pages_.size());
        std::vector<std::thread> asking;
        asking.reserve(pages_.size());
        for (std::size_t i = 0; i < pages_.size(); ++i) {
            asking.emplace_back([&, i] { found[i] = judged(answer_to(pages_[i].request), pages_[i].has); });
        }
        for (std::thread& one : asking)
            one.join();
        return found;
    }

    std::string answer_to(const std::string& request) const {
        return ask_within(patience_s, running_.port(), request);
    }

    const Running& running_;
    std::vector<Asked> pages_;
};

double share(const std::vector<Works>& found) {
    const auto good = std::ranges::count_if(found, [](Works works) { return works != Works::no; });
    return 100.0 * static_cast<double>(good) / static_cast<double>(found.size());
}

}  // namespace

void measure_pages(const Filled& site, const Running& monolith, const Running& split, Measured& measured) {
    const Pages whole{site, monolith};
    whole.wait_until_well();
    const double without_all = share(whole.without("jebi"));
    whole.wait_until_well();
    const Pages pages{site, split};
    for (const Asked& page : pages.all())
        measured.pages.push_back({.name = page.name, .without = {}});
    Figure share_of_all{.id = "pages",
                        .what = "pages and operations that work while one process is dead",
                        .unit = "%",
                        .monolith = {without_all},
                        .split = {}};
    for (const char* process : {"accounts", "tweets", "follows", "timelines", "notifications", "messages",
                                "search", "log-analytics", "web"}) {
        pages.wait_until_well();
        const std::vector<Works> found = pages.without(process);
        measured.modules.emplace_back(process);
        for (std::size_t i = 0; i < found.size(); ++i)
            measured.pages[i].without[process] = found[i];
        share_of_all.split.push_back(share(found));
    }
    pages.wait_until_well();
    measured.figures.push_back(share_of_all);
}

}  // namespace jebi::bench
