// What a page costs: home with 20 tweets as HTML, for somebody signed in who follows their authors, over HTTP
// with everything behind it: session, home timeline, tweets, blocks, authors, templates.
//
// Bar: at most 100 us of CPU a page, server and all. On loopback the server's system call also wakes who
// asked; on a virtual machine, waking a core that sleeps costs as much as a fifth of the page. So it is
// measured twice: by a load that is awake, where the CPU is the page's own, and by one that sleeps until its
// answer comes.
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "bench/load.h"
#include "kit/base/crypto.h"
#include "kit/http/server.h"
#include "kit/sql/sqlite.h"
#include "modules/accounts/accounts_schema.h"
#include "modules/accounts/service.h"
#include "modules/follows/follows_schema.h"
#include "modules/follows/service.h"
#include "modules/messages/messages_schema.h"
#include "modules/messages/service.h"
#include "modules/notifications/notifications_schema.h"
#include "modules/notifications/service.h"
#include "modules/timelines/service.h"
#include "modules/timelines/timelines_schema.h"
#include "modules/tweets/service.h"
#include "modules/tweets/tweets_schema.h"
#include "modules/web/hub.h"
#include "modules/web/stats.h"
#include "modules/web/visits/analytics.h"
#include "modules/web/web.h"
#include "modules/web/web_assets.h"
#include "modules/web/web_pages.h"
#include "modules/web/web_words.h"

namespace {

using namespace jebi;

constexpr int rounds = 7;
constexpr std::uint64_t pages_a_round = 10'000;
constexpr int people = 20;

Call call_of(UserId user) {
    return Call{.user = user, .until = in(Millis{10'000}), .trace = Trace::start()};
}

// Twenty people with ten tweets each; the last one follows all others. Their token.
std::string fill(accounts::Accounts& accounts, tweets::Tweets& tweets, follows::Follows& follows) {
    std::string token;
    std::vector<std::uint64_t> others;
    for (int i = 0; i < people; ++i) {
        accounts::SignUpRequest request;
        request.set_username("person" + std::to_string(i));
        request.set_email("person" + std::to_string(i) + "@example.org");
        request.set_password("a long enough one");
        request.set_display_name("제비 " + std::to_string(i));
        request.mutable_client()->set_address("198.51.100." + std::to_string(i));
        const auto reply = accounts.sign_up(call_of({}), request).value();
        token = reply.token();
        for (const std::uint64_t other : i == people - 1 ? others : decltype(others){}) {
            follows::TargetRequest follow;
            follow.set_target_id(other);
            follows.follow(call_of(UserId{reply.user().id()}), follow).value();
        }
        others.push_back(reply.user().id());
        for (int n = 0; n < 10; ++n) {
            tweets::WriteRequest write;
            write.set_text(
                "오늘은 제비를 세 마리 봤다. #제비 #서울 @person1 아침 공기가 좋다, "
                "https://example.org/birds/" +
                std::to_string(n));
            tweets.write(call_of(UserId{reply.user().id()}), write).value();
        }
    }
    return token;
}

void serve(int port_to, const std::string& folder, int token_to) {
    if (!start_crypto()) std::abort();
    const auto database = sql::open_sqlite({.file = folder + "/jebi.db"}).value();
    database->room("accounts").migrate(accounts::schema_files()).value();
    database->room("tweets").migrate(tweets::schema_files()).value();
    database->room("follows").migrate(follows::schema_files()).value();
    database->room("timelines").migrate(timelines::schema_files()).value();
    database->room("notifications").migrate(notifications::schema_files()).value();
    database->room("messages").migrate(messages::schema_files()).value();
    SystemClock clock;
    IdGenerator ids{clock, 1};
    accounts::Service accounts{
        database->room("accounts"), ids, clock, {.password_cost = {.memory_bytes = 8192, .passes = 1}}};
    tweets::Store store{database->room("tweets")};
    follows::Store follows_store{database->room("follows")};
    follows::Service follows{follows_store, ids, clock};
    tweets::Service tweets{store, follows, ids, clock};
    const web::Templates templates{web::page_files(), web::word_files(), ""};
    const http::Assets assets{web::asset_files(), ""};
    web::Stats stats;
    web::Events events{std::nullopt};
    web::Analytics analytics{std::nullopt};
    timelines::Store timelines_store{database->room("timelines")};
    timelines::Builder builder{accounts, follows, tweets, timelines_store, clock};
    timelines::Service timelines{tweets, follows, timelines_store, builder};
    notifications::Store notifications_store{database->room("notifications")};
    const rpc::EventSource told;
    notifications::Service notifications{notifications_store, told, clock};
    messages::Store messages_store{database->room("messages")};
    messages::Service messages{messages_store, accounts, follows, ids, clock};
    search::SearchAbsent search;
    web::Hub hub{tweets, follows, notifications, messages};
    const web::Site site{accounts,  follows, tweets, timelines, notifications, messages,  search,
                         templates, assets,  clock,  stats,     events,        analytics, hub};
    const std::string token = fill(accounts, tweets, follows);
    while (builder.run(call_of({})).value() > 0) {
    }
    http::Router router;
    web::bind(router, site, [](const http::Request&, const Error&) { std::abort(); });
    fiber::Loops loops{1};
    http::ServerOptions options;
    options.always = web::security_fields({});
    const auto server =
        http::Server::start(loops, fiber::Address::from("127.0.0.1:0").value(), std::move(options),
                            [&](http::Request& request) { return router.answer(request); })
            .value();
    if (::write(token_to, token.data(), token.size()) < 0) std::abort();
    const std::uint16_t port = server->address().port;
    if (::write(port_to, &port, sizeof port) < 0) std::abort();
    ::pause();
}

std::string read_token(int from) {
    char text[100];
    const ssize_t count = ::read(from, text, sizeof text);
    return count > 0 ? std::string(text, static_cast<std::size_t>(count)) : "";
}

double us_a_page(const bench::Child& server, const std::string& request, bool asker_is_awake) {
    const double before = bench::cpu_us(server.process);
    const auto loaded = bench::drive({.port = server.port,
                                      .connections = 16,
                                      .requests = pages_a_round,
                                      .request = [&](std::uint64_t) { return request; },
                                      .is_awake = asker_is_awake});
    return (bench::cpu_us(server.process) - before) / static_cast<double>(loaded.good);
}

}  // namespace

int main() {
    std::string folder = "/tmp/jebi-bench-XXXXXX";
    int token_pipe[2] = {};
    if (::mkdtemp(folder.data()) == nullptr || ::pipe(token_pipe) != 0) return 1;
    const auto server = bench::start_child([&](int port_to) { serve(port_to, folder, token_pipe[1]); });
    const std::string request = "GET / HTTP/1.1\r\nHost: localhost\r\nAccept-Language: ko\r\nCookie: jebi=" +
                                read_token(token_pipe[0]) + "\r\n\r\n";
    std::vector<double> awake, asleep;
    for (int i = 0; i < rounds; ++i) {
        awake.push_back(us_a_page(server, request, true));
        asleep.push_back(us_a_page(server, request, false));
    }
    bench::report("home of 20 tweets, HTML, signed in: CPU us a page", bench::spread(awake), "at most 100");
    bench::report("... which also wakes who asked", bench::spread(asleep), "at most 100");
    bench::end_child(server, SIGKILL);
    std::filesystem::remove_all(folder);
}
