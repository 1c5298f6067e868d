#include "node/commands/ceremony.hpp"

namespace assay::node {

void add_dkg(CLI::App& app, Chosen& chosen) {
  auto* command = app.add_subcommand("dkg", "make the committee's key together: nobody ever holds it");
  command->require_subcommand(1);
  add_card(*command, chosen);
  add_propose(*command, chosen, CeremonyOf::fresh_key);
  add_join(*command, chosen, CeremonyOf::fresh_key);
  command->footer(
      "The road, each operator on its own machine:\n"
      "  assay keygen --out identity.key\n"
      "  assay dkg card --identity identity.key --address HOST:PORT >NAME.card    to whoever proposes\n"
      "  assay dkg propose --network NAME --card A.card --card B.card ... --identity identity.key --out ceremony.yaml\n"
      "                                                                           one of them; the file goes to all\n"
      "  assay dkg join --ceremony ceremony.yaml --identity identity.key          all of them, within the timeout\n"
      "Interrupt it at any time, then run the same command again. It ends with the public group file and this "
      "member's\n"
      "share. Where it fails it says who was to blame: propose again without that one.");
}

void add_reshare(CLI::App& app, Chosen& chosen) {
  auto* command = app.add_subcommand("reshare", "hand the running key on to other members, or renew the shares");
  command->require_subcommand(1);
  add_card(*command, chosen);
  add_propose(*command, chosen, CeremonyOf::running_key);
  add_join(*command, chosen, CeremonyOf::running_key);
  command->footer(
      "The group key stays what it is. The running committee signs on with its old shares meanwhile and afterwards,\n"
      "until the new epoch takes force; if the ceremony fails, nothing has changed. The same members in the same "
      "order\n"
      "renew their shares; other ones, or another number of them (4, 7, ... 31), take the key over.\n"
      "After the switch nodes erase their old shares; whoever left does so with `assay share erase`: three stolen old\n"
      "ones of four would still sign.");
}

void add_repair(CLI::App& app, Chosen& chosen) {
  auto* command = app.add_subcommand("repair", "give a member its lost share back");
  command->require_subcommand(1);
  add_card(*command, chosen);
  add_propose(*command, chosen, CeremonyOf::lost_share);
  add_join(*command, chosen, CeremonyOf::lost_share);
  command->footer(
      "A threshold of the other members helps; none of them learns the share, and nobody a share of theirs. The\n"
      "member still needs its identity: without it, reshare to a committee with a new identity in its place. The old\n"
      "share must be lost, not stolen: then refresh all shares with `assay reshare`.");
}

}  // namespace assay::node
