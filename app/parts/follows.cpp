#include "app/parts/part.h"
#include "modules/follows/departures.h"
#include "modules/follows/follows_schema.h"
#include "modules/follows/service.h"

namespace jebi::app {

namespace {

class FollowsPart final : public Part {
public:
    FollowsPart(const Ground& ground, std::uint64_t highest_id)
        : process_(ground.process),
          store_(ground.room()),
          ids_(process_.clock(), ground.node(), highest_id),
          service_(store_, ids_, process_.clock()),
          departures_(ground.contract<accounts::Accounts>(), store_, service_) {
        ground.neighbours.keep<follows::Follows>(service_);
    }

    rpc::Methods methods() override { return follows::methods(service_); }

    Result<void> start() override {
        forget_who_left(process_, "follows of deleted accounts", departures_);
        sweep(process_, "sweep follows", service_);
        return {};
    }

    void end_waits() override { service_.end_waits(); }

private:
    place::Process& process_;
    follows::Store store_;
    IdGenerator ids_;
    follows::Service service_;
    follows::Departures departures_;
};

Result<std::unique_ptr<Part>> make(const Ground& ground) {
    TRY_VOID(ground.room().migrate(follows::schema_files()));
    TRY(const auto highest, follows::Store{ground.room()}.highest_id(Call{.until = in(start_max)}));
    return std::make_unique<FollowsPart>(ground, highest);
}

}  // namespace

const Module& follows_module() {
    static const Module module{.name = "follows", .service = follows::Follows::service_name, .make = make};
    return module;
}

}  // namespace jebi::app
