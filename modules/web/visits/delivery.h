// Brings the lines of Events to log-analytics: each at least once, in their order, and what cannot be
// delivered now, later.
//
// While the service answers, what came in since the last round goes straight to it. While it does not (no
// connection, no answer within `answer_max`, something that is no HTTP, 429, 503, 507 or another status
// that tells nothing about the lines), lines go to the spool on disk, and it is tried again after a pause
// that doubles from `pause_min` to `pause_max` (with jitter: half of the pause, and up to half of it more by
// chance), or after what its Retry-After asks for, up to `retry_after_max`. When it answers again, the spool
// goes first.
//
// Lines that the service refuses for good (400, 413, 422) are sent again in halves, down to the one that it
// does not take, which is counted and left out: the others do not wait for it.
//
// An answer that is lost (a deadline, a cut connection) makes the same lines go out again; the service knows
// them by their event_id.
//
// When the spool is full, or the disk fails, lines stay in the queue, and what is beyond its bounds is
// dropped and counted. The operator's log tells when the service goes and comes back, and of losses once a
// minute.
#pragma once

#include <atomic>

#include "kit/base/call.h"
#include "kit/fiber/fiber.h"
#include "kit/watch/log.h"
#include "modules/web/visits/events.h"
#include "modules/web/visits/log_service.h"
#include "modules/web/visits/spool.h"

namespace jebi::web {

struct DeliveryOptions {
    LogServiceOptions service;
    std::string spool_folder;
    std::uint64_t spool_bytes_max = 64 * 1024 * 1024;
    std::size_t batch_bytes_max = 512 * 1024;
    std::size_t batch_lines_max = 2'000;
    Millis answer_max{1'000};
    Millis pause_min{250};
    Millis pause_max{3'000};
    Millis retry_after_max{60'000};
};

class Delivery {
public:
    struct Counts {  // of lines
        std::atomic<std::uint64_t> sent = 0;
        std::atomic<std::uint64_t> spooled = 0;
        std::atomic<std::uint64_t> refused = 0;  // by the service, for good
    };
    // Between rounds. A round that empties the spool looks for new lines after as long: so what a kill -9
    // finds in memory is not older than two of these and one `answer_max` (plus what the disk takes).
    static constexpr Millis round_pause{200};

    // All of them outlive this, and this ends before the loops.
    Delivery(Events& events, disk::Disk& disk, const DeliveryOptions& options, watch::Log& log);

    // One round; the job that is repeated. One at a time. Tells its failures itself.
    Result<void> run(const Call& call);
    // The last round, when no line can come any more: each is sent, or in the spool, unless the time is up or
    // the disk fails.
    void finish(Deadline until);

    const Counts& counts() const { return counts_; }
    std::uint64_t spool_bytes() const { return spool_.bytes(); }

private:
    // Lines that wait for delivery in memory: a batch of new ones, or a file of the spool.
    struct Parcel {
        std::string lines;
        std::size_t at = 0;
        bool empty() const { return at == lines.size(); }
        std::string_view rest() const { return std::string_view(lines).substr(at); }
    };
    enum class Outcome : std::uint8_t { delivered, refused, away };

    void take_in(Deadline until);
    void empty_spool(Deadline until);
    bool refill(Parcel& parcel);
    bool offer(Parcel& parcel);
    bool put_aside(Parcel& parcel);
    bool next_of_spool();
    Outcome send(std::string_view lines);
    Outcome away(std::string why, std::int64_t retry_after_s);
    void came_back();
    bool is_due() const { return std::chrono::steady_clock::now() >= due_; }
    void tell_losses();
    template <typename Work>
    auto on_disk(Work work);

    Events& events_;
    DeliveryOptions options_;
    watch::Log& log_;
    LogService service_;
    Spool spool_;  // touched on the pool's thread only, but for bytes()
    bool spool_known_ = false;
    Parcel new_;
    Parcel old_;                // the oldest file of the spool
    std::size_t lines_max_;     // in the next batch: halved when one is refused
    unsigned failures_ = 0;     // in a row
    Deadline due_{};            // before that, the service is left alone
    std::string last_refusal_;  // in the service's words
    bool disk_fails_ = false;
    std::uint64_t losses_told_ = 0;
    Deadline tell_losses_from_{};
    Deadline tell_away_from_{};
    bool away_told_ = false;
    Counts counts_;
    fiber::Pool pool_{"log spool", 1, 8};  // ends first: its thread uses the spool
};

}  // namespace jebi::web
