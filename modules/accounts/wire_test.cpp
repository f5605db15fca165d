// The contract over a Unix socket, through the generated client.
#include <doctest/doctest.h>

#include "kit/rpc/over_socket_testing.h"
#include "modules/accounts/contract_test.h"

namespace jebi::accounts {

namespace {

class OverTheWire {
public:
    Accounts& accounts() { return client_; }
    testing::TestClock& clock() { return base_.clock; }

private:
    testing::Base base_;
    Service service_{base_.room(), base_.ids, base_.clock, testing::quick_options()};
    rpc::OverSocket wire_{base_.folder / "accounts.sock", methods(service_)};
    AccountsClient client_{wire_.channel()};
};

}  // namespace

ACCOUNTS_CONTRACT(OverTheWire)

}  // namespace jebi::accounts
