#include "app/parts/part.h"
#include "modules/tweets/departures.h"
#include "modules/tweets/service.h"
#include "modules/tweets/tweets_schema.h"

namespace jebi::app {

namespace {

class TweetsPart final : public Part {
public:
    TweetsPart(const Ground& ground, std::uint64_t highest_id)
        : process_(ground.process),
          store_(ground.room()),
          ids_(process_.clock(), ground.node(), highest_id),
          service_(store_, ground.contract<follows::Follows>(), ids_, process_.clock()),
          departures_(ground.contract<accounts::Accounts>(), store_, process_.clock()) {
        ground.neighbours.keep<tweets::Tweets>(service_);
    }

    rpc::Methods methods() override { return tweets::methods(service_); }

    Result<void> start() override {
        forget_who_left(process_, "tweets of deleted accounts", departures_);
        sweep(process_, "sweep tweets", service_);
        return {};
    }

    void end_waits() override { service_.end_waits(); }

private:
    place::Process& process_;
    tweets::Store store_;
    IdGenerator ids_;
    tweets::Service service_;
    tweets::Departures departures_;
};

Result<std::unique_ptr<Part>> make(const Ground& ground) {
    TRY_VOID(ground.room().migrate(tweets::schema_files()));
    TRY(const auto highest, tweets::Store{ground.room()}.highest_id(Call{.until = in(start_max)}));
    return std::make_unique<TweetsPart>(ground, highest);
}

}  // namespace

const Module& tweets_module() {
    static const Module module{.name = "tweets", .service = tweets::Tweets::service_name, .make = make};
    return module;
}

}  // namespace jebi::app
