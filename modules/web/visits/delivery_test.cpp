#include "modules/web/visits/delivery.h"

#include <algorithm>
#include <fstream>
#include <functional>

#include "kit/disk/faulty_disk.h"
#include "modules/web/visits/scripted_log_testing.h"

using namespace jebi;
using namespace jebi::web;

namespace {

using Mode = ScriptedLog::Mode;

// One life of the sending process. What it leaves in `folder` is found by the next one.
struct Sender {
    Sender(const ScriptedLog& service, const Folder& folder, std::uint64_t spool_bytes_max = 1'000'000,
           disk::Disk& disk = disk::real_disk())
        : options{.service = {.address = service.address(), .token = "a token"},
                  .spool_folder = folder / "spool",
                  .spool_bytes_max = spool_bytes_max,
                  .answer_max = Millis{100},
                  .pause_min = Millis{1},
                  .pause_max = Millis{5}},
          delivery{events, disk, options, log} {}

    void put(int from, int to, const std::string& rest = "") {
        for (int i = from; i < to; ++i)
            events.put(std::to_string(i) + rest);
    }
    void round() { CHECK(delivery.run(Call{.until = soon()})); }
    void rounds_until(const std::function<bool()>& done) {
        const Deadline until = soon();
        while (!done() && std::chrono::steady_clock::now() < until)
            round();
        CHECK(done());
    }
    bool is_done() const { return events.count() == 0 && delivery.spool_bytes() == 0; }

    std::vector<std::string> told;
    watch::Log log{watch::Level::info, watch::Format::text,
                   [this](std::string_view line) { told.emplace_back(line); }};
    Events events{Events::Bounds{.count_max = 1'000, .bytes_max = 100'000}};
    DeliveryOptions options;
    Delivery delivery;
};

std::vector<std::string> numbers(int from, int to, const std::string& rest = "") {
    std::vector<std::string> lines;
    for (int i = from; i < to; ++i)
        lines.push_back(std::to_string(i) + rest);
    return lines;
}

std::size_t told_of(const Sender& sender, std::string_view words) {
    return static_cast<std::size_t>(std::ranges::count_if(
        sender.told, [&](const std::string& line) { return line.find(words) != std::string::npos; }));
}

}  // namespace

TEST_CASE("while the service answers, lines go straight to it and never touch the disk") {
    ScriptedLog service;
    const Folder folder;
    Sender sender{service, folder};
    sender.put(0, 100);
    sender.round();
    sender.put(100, 150);
    sender.round();
    CHECK(service.lines() == numbers(0, 150));
    CHECK(service.requests == 2);
    CHECK(sender.delivery.counts().sent == 150);
    CHECK(sender.delivery.counts().spooled == 0);
    CHECK_FALSE(std::filesystem::exists(folder / "spool/1.lines"));
    CHECK(sender.told.empty());
}

TEST_CASE("whatever is wrong with the service, lines wait and arrive in order when it is well again") {
    const std::map<std::string, std::function<void(ScriptedLog&)>> wrongs{
        {"silent", [](ScriptedLog& service) { service.mode = Mode::silent; }},
        {"garbage", [](ScriptedLog& service) { service.mode = Mode::garbage; }},
        {"closes in the middle of its answer",
         [](ScriptedLog& service) { service.mode = Mode::takes_and_leaves; }},
        {"500", [](ScriptedLog& service) { service.status = 500; }},
        {"503", [](ScriptedLog& service) { service.status = 503; }},
        {"507", [](ScriptedLog& service) { service.status = 507; }},
        {"429", [](ScriptedLog& service) { service.status = 429; }},
        {"404", [](ScriptedLog& service) { service.status = 404; }},
        {"401", [](ScriptedLog& service) { service.status = 401; }},
        {"302", [](ScriptedLog& service) { service.status = 302; }},
        {"a status nobody knows", [](ScriptedLog& service) { service.status = 799; }},
    };
    for (const auto& [name, wrong] : wrongs) {
        CAPTURE(name);
        ScriptedLog service;
        const Folder folder;
        Sender sender{service, folder};
        sender.put(0, 10);
        sender.round();
        service.mode = Mode::status;
        wrong(service);
        for (int i = 1; i < 6; ++i) {
            sender.put(10 * i, 10 * i + 10);
            sender.round();
        }
        CHECK(sender.events.count() == 0);
        CHECK(sender.delivery.spool_bytes() > 0);
        service.mode = Mode::takes;
        sender.put(60, 70);
        sender.rounds_until([&] { return sender.is_done(); });
        sender.put(70, 80);
        sender.round();
        CHECK(service.distinct() == numbers(0, 80));
        if (name != "closes in the middle of its answer") CHECK(service.lines() == numbers(0, 80));
        CHECK(told_of(sender, "cannot be reached") == 1);
        CHECK(told_of(sender, "answers again") == 1);
        CHECK(sender.events.dropped() == 0);
    }
}

TEST_CASE("a service that nobody has started yet gets everything once it is there") {
    const Folder folder;
    ScriptedLog gone;
    gone.stop();
    {
        Sender sender{gone, folder};
        sender.put(0, 500);
        sender.round();
        CHECK(sender.events.count() == 0);
        CHECK(sender.delivery.counts().spooled == 500);
    }
    ScriptedLog service;
    Sender sender{service, folder};
    sender.put(500, 510);
    sender.rounds_until([&] { return sender.is_done(); });
    CHECK(service.lines() == numbers(0, 510));
}

TEST_CASE("it is left alone for as long as its Retry-After asks, within a bound") {
    const Folder folder;
    ScriptedLog service;
    service.mode = Mode::status;
    service.status = 429;
    service.retry_after_s = 3'600;
    Sender sender{service, folder};
    sender.options.retry_after_max = Millis{30};
    for (const Millis bound : {Millis{60'000}, Millis{30}}) {
        DeliveryOptions options = sender.options;
        options.retry_after_max = bound;
        Delivery delivery{sender.events, disk::real_disk(), options, sender.log};
        service.requests = 0;
        const auto began = std::chrono::steady_clock::now();
        sender.put(0, 3);
        while (std::chrono::steady_clock::now() - began < Millis{100})
            CHECK(delivery.run(Call{.until = soon()}));
        if (bound > Millis{1'000}) {
            CHECK(service.requests == 1);
        } else {
            CHECK(service.requests >= 2);
            CHECK(service.requests <= 4);
        }
    }
}

TEST_CASE("a service that is away is asked ever less often, and never in step") {
    const Folder folder;
    ScriptedLog service;
    service.mode = Mode::status;
    Sender sender{service, folder};
    DeliveryOptions options = sender.options;
    options.pause_min = Millis{8};
    options.pause_max = Millis{64};
    Delivery delivery{sender.events, disk::real_disk(), options, sender.log};
    sender.put(0, 3);
    const auto began = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - began < Millis{320})
        CHECK(delivery.run(Call{.until = soon()}));
    CHECK(service.requests >= 4);
    CHECK(service.requests <= 14);  // pauses of at least 4, 8, 16, 32, 32, ... ms
}

TEST_CASE("a line that is refused for good is left out and counted, and the others arrive") {
    const Folder folder;
    ScriptedLog service;
    service.mode = Mode::picky;
    Sender sender{service, folder};
    sender.put(0, 40);
    sender.put(40, 41, " bad");
    sender.put(41, 90);
    sender.put(90, 92, " bad");
    sender.put(92, 200);
    sender.rounds_until([&] { return sender.is_done(); });
    std::vector<std::string> expected = numbers(0, 40);
    for (const auto& more : {numbers(41, 90), numbers(92, 200)})
        expected.insert(expected.end(), more.begin(), more.end());
    CHECK(service.lines() == expected);
    CHECK(sender.delivery.counts().refused == 3);
    CHECK(sender.delivery.counts().sent == 197);
    CHECK(service.requests < 100);
    CHECK(told_of(sender, "lines are lost") == 1);
}

TEST_CASE("a service that takes small batches only gets small ones") {
    const Folder folder;
    ScriptedLog service;
    service.mode = Mode::small;
    Sender sender{service, folder};
    sender.put(0, 100);
    sender.rounds_until([&] { return sender.is_done(); });
    CHECK(service.lines() == numbers(0, 100));
    CHECK(sender.delivery.counts().refused == 0);
}

TEST_CASE("a service that refuses everything for good does not stop what comes") {
    const Folder folder;
    ScriptedLog service;
    service.mode = Mode::status;
    service.status = 400;
    Sender sender{service, folder};
    sender.put(0, 300);
    sender.rounds_until([&] { return sender.is_done(); });
    CHECK(sender.delivery.counts().refused == 300);
    service.mode = Mode::takes;
    sender.put(300, 310);
    sender.rounds_until([&] { return sender.is_done(); });
    CHECK(service.lines() == numbers(300, 310));
}

TEST_CASE("beyond the spool and the queue, lines are dropped and counted, and nothing else is lost") {
    const Folder folder;
    ScriptedLog service;
    service.mode = Mode::status;
    Sender sender{service, folder, 5'000};
    for (int i = 0; i < 3'000; i += 10) {
        sender.put(i, i + 10, " of some length");
        sender.round();
    }
    CHECK(sender.delivery.spool_bytes() <= 5'000);
    CHECK(sender.events.dropped() > 0);
    CHECK(told_of(sender, "lines are lost") == 1);  // once a minute
    service.mode = Mode::takes;
    sender.rounds_until([&] { return sender.is_done(); });
    CHECK(service.lines().size() + sender.events.dropped() == 3'000);
    CHECK(service.lines() == numbers(0, static_cast<int>(service.lines().size()), " of some length"));
}

TEST_CASE("without a disk, lines wait in the queue") {
    const Folder folder;
    std::ofstream(folder / "spool") << "a file where the folder should be";
    ScriptedLog service;
    service.mode = Mode::status;
    Sender sender{service, folder};
    sender.put(0, 200);
    sender.round();
    sender.put(200, 300);
    sender.round();
    CHECK(told_of(sender, "the spool cannot be used") == 1);
    service.mode = Mode::takes;
    sender.rounds_until([&] { return service.lines().size() == 300; });
    CHECK(service.lines() == numbers(0, 300));
    CHECK(sender.events.dropped() == 0);
}

TEST_CASE("whichever call to the disk fails, every line arrives, by its first arrival in order") {
    using Fault = disk::FaultyDisk::Fault;
    for (const Fault fault : {Fault::io_error, Fault::full, Fault::short_write}) {
        for (std::uint64_t call = 1; call <= 10; ++call) {
            CAPTURE(call);
            const Folder folder;
            disk::FaultyDisk faulty{disk::real_disk()};
            ScriptedLog service;
            service.mode = Mode::status;
            Sender sender{service, folder, 1'000'000, faulty};
            faulty.fail_from(call, fault, true);
            for (int i = 0; i < 50; i += 10) {
                sender.put(i, i + 10);
                sender.round();
            }
            service.mode = Mode::takes;
            sender.rounds_until([&] { return service.distinct().size() == 50 && sender.is_done(); });
            CHECK(service.distinct() == numbers(0, 50));
        }
    }
}

TEST_CASE("at the end everything is sent, or kept for the next start") {
    const Folder folder;
    ScriptedLog service;
    {
        Sender sender{service, folder};
        sender.put(0, 100);
        sender.delivery.finish(soon());
        CHECK(service.lines() == numbers(0, 100));
        service.mode = Mode::silent;
        sender.put(100, 300);
        sender.delivery.finish(soon());
        CHECK(sender.events.count() == 0);
    }
    service.mode = Mode::takes;
    Sender sender{service, folder};
    sender.rounds_until([&] { return service.distinct().size() == 300; });
    CHECK(service.distinct() == numbers(0, 300));
}

TEST_CASE("a URL names the service; what is no such URL is refused with a hint") {
    const auto plain = log_service_from("http://127.0.0.1:12345", "t").value();
    CHECK(plain.address.text() == "127.0.0.1:12345");
    CHECK(plain.path.empty());
    CHECK(plain.token == "t");
    const auto behind = log_service_from("http://logs.example/under/here/", "").value();
    CHECK(behind.address.text() == "logs.example:80");
    CHECK(behind.path == "/under/here");
    CHECK_FALSE(behind.tls);
    CHECK(log_service_from("https://logs.example", "").value().tls);
    for (const char* wrong : {"", "127.0.0.1:12345"}) {
        CAPTURE(wrong);
        const auto refused = log_service_from(wrong, "");
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == Code::invalid);
        CHECK(refused.error().message.find("http://127.0.0.1:12345") != std::string::npos);
    }
}
