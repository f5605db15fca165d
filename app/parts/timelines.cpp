#include "app/parts/part.h"
#include "modules/timelines/service.h"
#include "modules/timelines/timelines_schema.h"

namespace jebi::app {

namespace {

constexpr Millis homes_pause{50};

timelines::Options options_from(const place::Settings& settings) {
    return {.merge_above_followers =
                static_cast<std::uint32_t>(settings.integer("timelines.merge_above_followers"))};
}

class TimelinesPart final : public Part {
public:
    explicit TimelinesPart(const Ground& ground)
        : process_(ground.process),
          store_(ground.room()),
          builder_(ground.contract<accounts::Accounts>(), ground.contract<follows::Follows>(),
                   ground.contract<tweets::Tweets>(), store_, process_.clock(),
                   options_from(ground.settings)),
          service_(ground.contract<tweets::Tweets>(), ground.contract<follows::Follows>(), store_, builder_) {
        ground.neighbours.keep<timelines::Timelines>(service_);
        gauge(process_, "homes_lag_events", "Events of tweets that are not in homes yet.",
              [this] { return builder_.lag().events; });
        gauge(process_, "homes_lag_seconds",
              "So long ago the last tweet happened that came into homes; 0: all are there.",
              [this] { return static_cast<double>(builder_.lag().ms) / 1e3; });
    }

    rpc::Methods methods() override { return timelines::methods(service_); }

    Result<void> start() override {
        derive(process_, "homes", homes_pause, builder_);
        return {};
    }

private:
    place::Process& process_;
    timelines::Store store_;
    timelines::Builder builder_;
    timelines::Service service_;
};

Result<std::unique_ptr<Part>> make(const Ground& ground) {
    TRY_VOID(ground.room().migrate(timelines::schema_files()));
    return std::make_unique<TimelinesPart>(ground);
}

}  // namespace

const Module& timelines_module() {
    static const Module module{
        .name = "timelines", .service = timelines::Timelines::service_name, .make = make};
    return module;
}

}  // namespace jebi::app
