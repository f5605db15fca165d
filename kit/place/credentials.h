// What the machines of a topology show each other where contracts are reached by TCP: the shared secret, with
// which a caller is let in, and the certificate, by which the called is known.
#pragma once

#include <optional>
#include <string>

#include "kit/fiber/tls.h"
#include "kit/guard/guarded_channel.h"
#include "kit/http/server.h"
#include "kit/place/topology.h"
#include "kit/rpc/secret.h"

namespace jebi::place {

// Immutable, thread-safe.
class Credentials {
public:
    // Reads the files that the topology names; nothing, when no contract is reached by TCP.
    // `with_certificate`: also the certificate and its key, which only those need who are called. `invalid`,
    // for the person who named the file: which one, what is wrong with it, and what to do.
    static Result<Credentials> read(const Topology& topology, bool with_certificate);

    // What is odd but no reason not to start: a certificate that has expired.
    std::vector<std::string> warnings() const;

    // Who is called. TCP needs a secret, and Topology::read has made sure that there is one: an assert.
    const rpc::SharedSecret& secret() const;
    // Empty: TLS is not spoken.
    const std::optional<fiber::TlsServer>& certificate() const { return certificate_; }

    // Who calls: the way to an address. A Unix socket wants neither secret nor TLS.
    guard::ChannelMaker ways(std::size_t connections_max) const;

private:
    std::optional<rpc::SharedSecret> secret_;
    std::optional<fiber::TlsServer> certificate_;
    std::optional<fiber::TlsClient> trust_;
    std::string name_;  // whom the certificates of others are for; empty: the host
};

}  // namespace jebi::place
