#include "kit/sql/sqlite_writer.h"

#include <pthread.h>

#include <algorithm>

#include "kit/sql/sqlite_error.h"
#include "kit/sql/sqlite_file.h"

namespace jebi::sql {

namespace {

constexpr int checkpoint_pages = 4'000;  // 16 MiB of log
constexpr std::size_t linger_group_min = 8;
constexpr int linger_divisor = 4;  // of the commit's duration
constexpr Millis linger_ms_max{1};

Error too_busy() {
    return error(Code::exhausted, "Too many people are writing right now. Please try again soon.")
        .because("busy")
        .after_s(1)
        .detailed("the queue of the database's writer is full");
}

bool left_a_row(const Outcome::Done& done) {
    return done.changed > 0 || !done.rows.empty();
}

// The answer to all batches of a group that one of them ended.
Error undone(const Error& why) {
    return error(Code::unavailable, "The database cannot be used right now. Please try again soon.")
        .after_s(1)
        .detailed("a batch of the same group ended it: " + why.message + " " + why.detail);
}

// Makes the texts the batch's own: its caller may be gone, deadline passed, when its turn comes.
void keep_texts(Batch& batch, std::string& texts) {
    for (const Statement& statement : batch.statements)
        texts += statement.sql;
    std::size_t at = 0;
    for (Statement& statement : batch.statements) {
        statement.sql = std::string_view{texts}.substr(at, statement.sql.size());
        at += statement.sql.size();
    }
}

Error unmet(const Statement& statement) {
    if (statement.otherwise) return *statement.otherwise;
    return error(Code::conflict, "This has changed in the meantime.")
        .detailed("no row for: " + std::string{statement.sql});
}

}  // namespace

Writer::Writer(ConnectionOptions options, std::unique_ptr<Connection> connection, GroupLimits limits,
               Readers& readers)
    : options_(std::move(options)),
      limits_(limits),
      readers_(readers),
      connection_(std::move(connection)),
      thread_([this] { run(); }) {}

Writer::~Writer() {
    {
        const std::lock_guard lock{mutex_};
        ending_ = true;
    }
    arrived_.notify_one();
    thread_.join();
}

Result<Outcome> Writer::write(const Access& access, const Call& call, Batch batch) {
    if (batch.statements.size() > batch_statements_max) {
        return fail(error(Code::invalid, "This is too much at once.").because("too_many_statements"));
    }
    return ask(access, call, std::move(batch));
}

Result<void> Writer::probe(const Call& call) {
    // Dirties the header's page, with the value that is there, and so makes the commit a real one.
    const std::string rewrite = "PRAGMA user_version = " + std::to_string(format_version);
    Batch batch;
    if (failed_) batch.add({.sql = rewrite});
    TRY_VOID(ask(everything, call, std::move(batch)));
    return {};
}

Stats Writer::stats() const {
    const std::lock_guard lock{mutex_};
    return {.batches = counters_.batches,
            .commits = counters_.commits,
            .commit_failures = counters_.commit_failures,
            .checkpoint_failures = counters_.checkpoint_failures,
            .queued = queue_.size(),
            .commit_us_total = counters_.commit_us_total};
}

Writer::Answer Writer::ask(const Access& access, const Call& call, Batch batch) {
    auto job = std::make_unique<Job>(&access, std::move(batch), std::string{}, call.until);
    keep_texts(job->batch, job->texts);
    const fiber::Promise<Answer> done = job->done;
    bool wakes = false;
    {
        const std::lock_guard lock{mutex_};
        if (queue_.size() >= write_queue_max) return fail(too_busy());
        queue_.push_back(std::move(job));
        wakes = queue_.size() == wake_at_;
    }
    if (wakes) arrived_.notify_one();
    auto answer = done.wait_until(call.until);
    if (!answer) return fail(std::move(answer.error()));
    return std::move(*answer);
}

void Writer::run() {
    pthread_setname_np(pthread_self(), "sql-writer");
    for (auto group = next_group(); !group.empty(); group = next_group()) {
        serve(group);
        checkpoint();
    }
}

Writer::Group Writer::next_group() {
    std::unique_lock lock{mutex_};
    while (!wait_for(1, Deadline::max(), lock)) {
    }
    if (expected_ >= linger_group_min) wait_for(expected_, linger_until_, lock);
    const auto size = static_cast<std::ptrdiff_t>(std::min(queue_.size(), limits_.batches_max));
    Group group{std::move_iterator{queue_.begin()}, std::move_iterator{queue_.begin() + size}};
    queue_.erase(queue_.begin(), queue_.begin() + size);
    return group;
}

bool Writer::wait_for(std::size_t jobs, Deadline until, std::unique_lock<std::mutex>& lock) {
    wake_at_ = jobs;
    return arrived_.wait_until(lock, until, [this, jobs] { return ending_ || queue_.size() >= jobs; });
}

void Writer::expect_again(std::size_t answered, Deadline begun) {
    const Deadline now = std::chrono::steady_clock::now();
    linger_until_ = now + std::min<Deadline::duration>((now - begun) / linger_divisor, linger_ms_max);
    const std::lock_guard lock{mutex_};
    expected_ = std::min(answered + queue_.size(), limits_.batches_max);
}

void Writer::serve(const Group& group) {
    const auto begun = std::chrono::steady_clock::now();
    auto answers = transaction(group);
    readers_.committed();  // also after a failure: nobody knows then
    if (!answers) return give_up(group, std::move(answers.error()));
    const auto took = std::chrono::steady_clock::now() - begun;
    counters_.commit_us_total += static_cast<std::uint64_t>(took / std::chrono::microseconds{1});
    counters_.commits += 1;
    failed_ = false;
    expect_again(group.size(), begun);
    acknowledge(group, std::move(*answers));
}

Result<std::vector<Writer::Answer>> Writer::transaction(const Group& group) {
    TRY_VOID(connect());
    if (std::chrono::steady_clock::now() < full_until_.load()) return fail(pretended_disk_full());
    TRY_VOID(connection_->run("BEGIN IMMEDIATE"));
    group_until_ = in(limits_.duration_max);
    std::vector<Answer> answers;
    answers.reserve(group.size());
    for (const auto& job : group) {
        TRY(Answer answer, attempt(*job));
        answers.push_back(std::move(answer));
    }
    TRY_VOID(connection_->run("COMMIT"));
    return answers;
}

Result<void> Writer::connect() {
    if (connection_ != nullptr) return {};
    TRY(connection_, Connection::open(options_, Connection::Mode::write));
    return {};
}

Result<Writer::Answer> Writer::attempt(const Job& job) {
    if (std::chrono::steady_clock::now() >= job.until) {
        return Answer{fail(Code::deadline, "This took too long, so it was not begun.")};
    }
    TRY_VOID(connection_->run("SAVEPOINT batch"));
    Answer answer = statements_of(job);
    if (!answer && !connection_->in_transaction()) return fail(answer.error());
    if (!answer) TRY_VOID(connection_->run("ROLLBACK TO batch"));
    TRY_VOID(connection_->run("RELEASE batch"));
    return answer;
}

Writer::Answer Writer::statements_of(const Job& job) {
    Outcome outcome;
    outcome.statements.reserve(job.batch.statements.size());
    for (const Statement& statement : job.batch.statements) {
        TRY(Outcome::Done done, statement_of(*job.access, statement));
        outcome.statements.push_back(std::move(done));
    }
    return outcome;
}

Result<Outcome::Done> Writer::statement_of(const Access& access, const Statement& statement) {
    auto done = connection_->run(access, statement.sql, statement.parameters, group_until_);
    if (!done && done.error().code == Code::conflict && statement.otherwise)
        return fail(*statement.otherwise);
    if (done && statement.expect == Expect::a_row && !left_a_row(*done)) return fail(unmet(statement));
    return done;
}

void Writer::acknowledge(const Group& group, std::vector<Answer> answers) {
    counters_.batches += group.size();
    for (std::size_t i = 0; i < group.size(); ++i)
        group[i]->done.set(std::move(answers[i]));
}

void Writer::give_up(const Group& group, Error why) {
    counters_.commit_failures += 1;
    failed_ = true;
    connection_.reset();  // after a failed fsync nobody knows what the disk holds: look again
    if (why.code != Code::unavailable) why = undone(why);
    for (const auto& job : group)
        job->done.set(fail(why));
}

void Writer::checkpoint() {
    if (connection_ == nullptr || connection_->log_pages() < checkpoint_pages) return;
    readers_.let_go();  // of what is older, so that all of the log can be brought into the file,
    if (!connection_->checkpoint()) counters_.checkpoint_failures += 1;
    readers_.let_go();  // and of the log, so that the next commit begins it anew
}

}  // namespace jebi::sql
