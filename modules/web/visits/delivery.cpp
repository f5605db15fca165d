#include "modules/web/visits/delivery.h"

#include <algorithm>
#include <utility>

#include "kit/base/ids.h"

namespace jebi::web {

namespace {

constexpr Millis disk_max{5'000};
constexpr Millis tell_every{60'000};
constexpr unsigned batches_a_round_max = 64;
constexpr unsigned doublings_max = 16;
constexpr std::size_t words_bytes_max = 200;  // of what the service says, in the log

// The first of these lines, as many as both bounds allow, but at least one.
std::string_view first_lines(std::string_view lines, std::size_t lines_max, std::size_t bytes_max) {
    std::size_t end = 0;
    for (std::size_t count = 0; count < lines_max && end < lines.size(); ++count) {
        const std::size_t next = lines.find('\n', end) + 1;
        if (next > bytes_max && count > 0) break;
        end = next;
    }
    return lines.substr(0, end);
}

std::size_t count_of(std::string_view lines) {
    return static_cast<std::size_t>(std::ranges::count(lines, '\n'));
}

std::int64_t retry_after_s(const http::ClientResponse& answer) {
    const auto seconds = id_from(answer.fields.get("Retry-After").value_or(""));
    return seconds ? static_cast<std::int64_t>(std::min<std::uint64_t>(*seconds, 86'400)) : 0;
}

// Half of the pause, and up to half of it more, so that many senders do not come back in step.
Millis jittered(Millis pause) {
    const auto half = static_cast<std::uint64_t>(pause.count()) / 2;
    return Millis{static_cast<std::int64_t>(half + random_bits() % (half + 1))};
}

bool is_for_good(int status) {
    return status == 400 || status == 413 || status == 422;
}

}  // namespace

Delivery::Delivery(Events& events, disk::Disk& disk, const DeliveryOptions& options, watch::Log& log)
    : events_(events),
      options_(options),
      log_(log),
      service_(options.service),
      spool_(disk, options.spool_folder, options.spool_bytes_max),
      lines_max_(options.batch_lines_max) {}

template <typename Work>
auto Delivery::on_disk(Work work) {
    auto done = pool_.run(in(disk_max), std::move(work));
    if (!done && done.error().reason != "spool_full" && !disk_fails_)
        log_.failure("log_analytics", "the spool cannot be used", done.error(), {});
    disk_fails_ = !done && done.error().reason != "spool_full";
    return done;
}

Result<void> Delivery::run(const Call& call) {
    take_in(call.until);
    empty_spool(call.until);
    tell_losses();
    return {};
}

void Delivery::finish(Deadline until) {
    const auto waiting = [this] { return events_.count() + new_.rest().size(); };
    for (std::size_t before = waiting(); before > 0 && std::chrono::steady_clock::now() < until;) {
        take_in(until);
        if (waiting() >= before) break;
        before = waiting();
    }
    tell_losses();
}

// New lines go to the service, or behind the older ones in the spool.
void Delivery::take_in(Deadline until) {
    // What an earlier process has left goes before anything new.
    if (!spool_known_) spool_known_ = on_disk([this] { return spool_.open(); }).has_value();
    for (unsigned i = 0; i < batches_a_round_max && std::chrono::steady_clock::now() < until; ++i) {
        if (new_.empty() && !refill(new_)) return;
        bool got_on = false;
        if (old_.empty() && spool_.bytes() == 0 && is_due()) got_on = offer(new_);
        if (!new_.empty() && put_aside(new_)) got_on = true;
        if (!got_on) return;
    }
}

bool Delivery::refill(Parcel& parcel) {
    parcel = {.lines = events_.take(options_.batch_bytes_max)};
    return !parcel.empty();
}

void Delivery::empty_spool(Deadline until) {
    until = std::min(until, in(round_pause));  // then new lines wait long enough
    for (unsigned i = 0; i < batches_a_round_max && std::chrono::steady_clock::now() < until; ++i) {
        if (!is_due() || !next_of_spool() || !offer(old_)) return;
        if (old_.empty()) {
            old_ = {};
            // A file that cannot be removed is sent again after a restart, and the service knows its lines.
            static_cast<void>(on_disk([this] { return spool_.remove_oldest(); }));
        }
    }
}

bool Delivery::next_of_spool() {
    if (!old_.empty()) return true;
    auto lines = on_disk([this] { return spool_.oldest(); });
    if (!lines) return false;
    old_ = {.lines = std::move(*lines)};
    return !old_.empty();
}

// Keeps what is left of a parcel in the spool.
bool Delivery::put_aside(Parcel& parcel) {
    const auto kept = on_disk([this, lines = std::string(parcel.rest())] { return spool_.append(lines); });
    if (!kept) return false;
    counts_.spooled += count_of(parcel.rest());
    parcel = {};
    return true;
}

// Sends a batch of the parcel. True: something was settled, and more may be sent at once.
bool Delivery::offer(Parcel& parcel) {
    const std::string_view lines = first_lines(parcel.rest(), lines_max_, options_.batch_bytes_max);
    const std::size_t count = count_of(lines);
    switch (send(lines)) {
        case Outcome::delivered:
            counts_.sent += count;
            parcel.at += lines.size();
            lines_max_ = std::min(lines_max_ * 2, options_.batch_lines_max);
            return true;
        case Outcome::refused:
            lines_max_ = std::max<std::size_t>(count / 2, 1);
            if (count == 1) {
                ++counts_.refused;
                parcel.at += lines.size();
            }
            return true;
        case Outcome::away:
            break;
    }
    return false;
}

Delivery::Outcome Delivery::send(std::string_view lines) {
    const auto answer =
        service_.post("/log", "application/x-ndjson", std::string(lines), in(options_.answer_max));
    if (!answer) return away(answer.error().message, 0);
    if (answer->status >= 200 && answer->status < 300) {
        came_back();
        return Outcome::delivered;
    }
    if (!is_for_good(answer->status))
        return away("It answers " + std::to_string(answer->status) + ".", retry_after_s(*answer));
    came_back();
    last_refusal_ = answer->body.substr(0, words_bytes_max);
    return Outcome::refused;
}

Delivery::Outcome Delivery::away(std::string why, std::int64_t retry_after_s) {
    const auto now = std::chrono::steady_clock::now();
    if (failures_ == 0 && now >= tell_away_from_) {
        away_told_ = true;
        tell_away_from_ = now + tell_every;
        log_.warning("log_analytics", "cannot be reached; lines wait in the spool", {{"why", why}});
    }
    const auto pause =
        std::min(options_.pause_max, options_.pause_min * (1 << std::min(failures_, doublings_max)));
    const Millis asked = std::min<Millis>(std::chrono::seconds{retry_after_s}, options_.retry_after_max);
    ++failures_;
    due_ = in(std::max(jittered(pause), asked));
    return Outcome::away;
}

void Delivery::came_back() {
    if (std::exchange(away_told_, false)) log_.info("log_analytics", "answers again");
    failures_ = 0;
    due_ = {};
}

void Delivery::tell_losses() {
    const std::uint64_t losses = events_.dropped() + counts_.refused + spool_.files_lost();
    if (losses == losses_told_ || std::chrono::steady_clock::now() < tell_losses_from_) return;
    losses_told_ = losses;
    tell_losses_from_ = in(tell_every);
    log_.warning("log_analytics", "lines are lost, counted since the start",
                 {{"dropped", static_cast<std::int64_t>(events_.dropped())},
                  {"refused", static_cast<std::int64_t>(counts_.refused)},
                  {"spool_files_unreadable", static_cast<std::int64_t>(spool_.files_lost())},
                  {"last_refusal", last_refusal_}});
}

}  // namespace jebi::web
