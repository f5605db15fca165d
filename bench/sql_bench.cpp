// What kit/sql costs: acknowledged (fsynced) one-statement writes against the disk's own fdatasync rate,
// and reads.
//
//     sql_bench [FOLDER] [SECONDS]     FOLDER on the disk in question, default "."; SECONDS a row, default 2
//
// Ratios hold better than absolute figures: the disk is measured before and after each row.
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "kit/fiber/fiber.h"
#include "kit/sql/sqlite.h"

namespace {

using namespace jebi;
using Clock = std::chrono::steady_clock;

constexpr std::int64_t rows_to_read = 200'000;
constexpr std::string_view insert =
    "INSERT INTO bench_tweets (id, author, text, made_ms, edited_ms, reply_to) VALUES ($1, $2, $3, $4, NULL, "
    "NULL)";
constexpr std::string_view text_of_a_tweet =
    "The swallow comes back in spring, and with it the first warm evenings at the river. #spring";

double seconds_since(Clock::time_point begun) {
    return std::chrono::duration<double>(Clock::now() - begun).count();
}

double cpu_seconds() {
    rusage use{};
    getrusage(RUSAGE_SELF, &use);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(use.ru_utime) + seconds(use.ru_stime);
}

[[noreturn]] void stop(const Error& error) {
    std::fprintf(stderr, "%s %s\n", error.message.c_str(), error.detail.c_str());
    std::_Exit(1);
}

template <typename T>
T need(Result<T> result) {
    if (!result) stop(result.error());
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

// How often a second the disk takes 4 KiB appended to a file for good.
double syncs_a_second(const std::string& folder, double seconds) {
    const std::string file = folder + "/append";
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0) stop(error(Code::unavailable, "The folder takes no files."));
    const std::string page(4096, 'x');
    const auto begun = Clock::now();
    int count = 0;
    for (; seconds_since(begun) < seconds; ++count) {
        const bool written =
            ::write(descriptor, page.data(), page.size()) == static_cast<ssize_t>(page.size());
        if (!written || ::fdatasync(descriptor) != 0)
            stop(error(Code::unavailable, "The disk takes no writes."));
    }
    const double rate = count / seconds_since(begun);
    ::close(descriptor);
    ::unlink(file.c_str());
    return rate;
}

sql::Batch tweet(std::int64_t id) {
    sql::Batch batch;
    batch.add({.sql = insert,
               .parameters = {id, id % 1'000, std::string{text_of_a_tweet}, 1'800'000'000'000 + id}});
    return batch;
}

// Fibers on one loop, each of which writes again as soon as its write is acknowledged.
class Writers {
public:
    Writers(sql::Room& room, std::int64_t& next_id) : room_(room), next_id_(next_id) {}

    std::int64_t run(unsigned count, double seconds) {
        const auto until = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                              std::chrono::duration<double>(seconds));
        const fiber::Gate gate;
        fiber::Loops loops{1};
        for (unsigned i = 0; i < count; ++i) {
            fiber::spawn(loops.at(0),
                         [this, until, pass = std::make_shared<fiber::Gate::Pass>(gate.enter())] {
                             write_until(until);
                         });
        }
        gate.close();
        gate.wait_until(Clock::now() + std::chrono::hours{1});
        return acknowledged_;
    }

private:
    void write_until(Clock::time_point until) {
        while (Clock::now() < until) {
            need(room_.write(Call{.until = in(Millis{60'000})}, tweet(++next_id_)));
            ++acknowledged_;
        }
    }

    sql::Room& room_;
    std::int64_t& next_id_;  // one loop, so no lock
    std::int64_t acknowledged_ = 0;
};

void bench_writes(sql::Database& database, const std::string& folder, double seconds, std::int64_t& next_id) {
    std::printf("\n%8s %12s %14s %12s %10s %14s\n", "waiting", "writes/s", "fdatasyncs/s", "x the disk",
                "group", "CPU us/write");
    for (const unsigned waiting : {1U, 16U, 64U, 256U}) {
        const double disk_before = syncs_a_second(folder, seconds / 4);
        const sql::Stats before = database.stats();
        const double cpu_before = cpu_seconds();
        const auto begun = Clock::now();
        const auto written =
            static_cast<double>(Writers{database.room("bench"), next_id}.run(waiting, seconds));
        const double rate = written / seconds_since(begun);
        const double cpu_us = (cpu_seconds() - cpu_before) / written * 1e6;
        const sql::Stats after = database.stats();
        const double group = static_cast<double>(after.batches - before.batches) /
                             static_cast<double>(after.commits - before.commits);
        const double disk = (disk_before + syncs_a_second(folder, seconds / 4)) / 2;
        std::printf("%8u %12.0f %14.0f %12.1f %10.1f %14.1f\n", waiting, rate, disk, rate / disk, group,
                    cpu_us);
    }
}

void fill(sql::Room& room, std::int64_t& next_id) {
    const Call call{.until = in(Millis{600'000})};
    while (next_id < rows_to_read) {
        sql::Batch batch;
        for (int i = 0; i < 500; ++i)
            batch.add(std::move(tweet(++next_id).statements.front()));
        need(room.write(call, std::move(batch)));
    }
}

template <typename Read>
void bench_read(const char* name, double seconds, Read read) {
    std::uint64_t random = 88172645463325252ULL;
    const auto begun = Clock::now();
    const double cpu_before = cpu_seconds();
    double count = 0;
    for (; seconds_since(begun) < seconds; count += 100) {
        for (int i = 0; i < 100; ++i) {
            random ^= random << 13, random ^= random >> 7, random ^= random << 17;
            read(static_cast<std::int64_t>(random % rows_to_read) + 1);
        }
    }
    const double cpu = cpu_seconds() - cpu_before;
    std::printf("%-28s %12.0f %14.2f\n", name, count / seconds_since(begun), cpu / count * 1e6);
}

void bench_reads(sql::Room& room, double seconds) {
    std::printf("\n%-28s %12s %14s\n", "read", "reads/s", "CPU us/read");
    bench_read("one tweet by id", seconds, [&](std::int64_t id) {
        const Call call;
        const auto rows = need(room.read(
            call, "SELECT id, author, text, made_ms, edited_ms, reply_to FROM bench_tweets WHERE id = $1",
            {id}));
        if (rows[0].text(2) != text_of_a_tweet) std::_Exit(1);
    });
    bench_read("an author's newest 20", seconds, [&](std::int64_t id) {
        const Call call;
        const auto rows =
            need(room.read(call,
                           "SELECT id, author, text, made_ms, edited_ms, reply_to FROM bench_tweets"
                           " WHERE author = $1 ORDER BY id DESC LIMIT 20",
                           {id % 1'000}));
        if (rows.size() != 20) std::_Exit(1);
    });
}

}  // namespace

int main(int argc, char** argv) {
    const std::string parent = argc > 1 ? argv[1] : ".";
    const double seconds = argc > 2 ? std::strtod(argv[2], nullptr) : 2;
    const std::string folder = parent + "/sql_bench." + std::to_string(::getpid());
    std::filesystem::create_directories(folder);
    {
        const auto database = need(sql::open_sqlite({.file = folder + "/bench.db"}));
        auto& room = database->room("bench");
        const Embedded schema{
            .path = "0001_bench.sql",
            .content =
                "CREATE TABLE bench_tweets (id INTEGER PRIMARY KEY, author INTEGER NOT NULL,"
                " text TEXT NOT NULL, made_ms INTEGER NOT NULL, edited_ms INTEGER,"
                " reply_to INTEGER);"
                "CREATE INDEX bench_tweets_by_author ON bench_tweets (author, id);"};
        need(room.migrate({&schema, 1}));
        std::int64_t next_id = 0;
        fill(room, next_id);
        bench_reads(room, seconds);
        bench_writes(*database, folder, seconds, next_id);
    }
    std::filesystem::remove_all(folder);
}
