// Faults on the side that calls.
#include "kit/chaos/faults.h"
#include "kit/rpc/errors.h"

namespace jebi::chaos {

namespace {

class FaultyChannel final : public rpc::Channel {
public:
    FaultyChannel(std::unique_ptr<rpc::Channel> below, Faults& faults)
        : below_(std::move(below)), faults_(faults) {}

    Result<void> call(const Call& call, const rpc::Method& method, const rpc::Message& request,
                      rpc::Message& reply) override {
        const Hit hit = faults_.meet(Side::calling, method.service);
        if (!faults_.wait(hit, call.until))
            return fail(Code::deadline, "This took too long, so it was not begun.");
        if (!hit.kind) return below_->call(call, method, request, reply);
        if (*hit.kind == Kind::error) return fail(error(hit.code, "This fails on purpose.").because("chaos"));
        if (*hit.kind == Kind::cut && hit.chance % 2 == 0) return cut();
        TRY_VOID(below_->call(call, method, request, reply));
        return *hit.kind == Kind::cut ? cut() : garbage();
    }

    void end_waits() override { below_->end_waits(); }

private:
    static Result<void> cut() {
        return fail(Code::unavailable, "The other side has closed the connection, on purpose.");
    }
    static Result<void> garbage() {
        return fail(error(Code::internal, "Something went wrong on our side.")
                        .because(std::string(rpc::bad_answer))
                        .detailed("garbage, on purpose"));
    }

    const std::unique_ptr<rpc::Channel> below_;
    Faults& faults_;
};

}  // namespace

guard::ChannelMaker faulty(guard::ChannelMaker make, Faults& faults) {
    return [make = std::move(make), &faults](const fiber::Address& at) -> std::unique_ptr<rpc::Channel> {
        return std::make_unique<FaultyChannel>(make(at), faults);
    };
}

}  // namespace jebi::chaos
