// Inside kit/fiber only: sockets that listen, as the system calls see them.
#pragma once

#include "kit/fiber/descriptor.h"

namespace jebi::fiber {

// Why one cannot listen there, from errno's number, with what helps.
std::unexpected<Error> refuse_listening(const Address& at, int number);

// Bound and listening; `shared` with others of this process at the same port.
Result<Descriptor> listening(const Address& at, const KernelAddress& address, bool shared);

// A machine that loses its network says nothing. Connections inherit this from the socket that accepts them.
void give_up_vanished(const Descriptor& descriptor);

// Where a socket is bound; `invalid` when it is neither TCP nor Unix.
Result<Address> address_of(const Descriptor& descriptor);

}  // namespace jebi::fiber
