/* Nonces: one honest signer against any coordinator. A context c in 1..3 stands for all that a share depends on: cfg,
 * view, height, attempt, signer set, commitments, message. The signer answers "sign under pair j in context c". Pairs are
 * erased before the share leaves, live in memory only, and a restart begins a new boot: old commitments are dead.
 * Asserted: no secret of a pair is ever used in two contexts.
 *
 *   rule of the model                                             function
 *   a pair is there once (avail[j] = false)               @code   threshold/nonces.cpp NonceStore::take
 *   it is erased before the share leaves                  @code   threshold/machine_signing.cpp Machine::give_share
 *   and gone with its view                                @code   threshold/nonces.cpp NonceStore::wipe
 *   what is sent again are the bytes of before (CACHE)    @code   threshold/speaker.cpp Speaker::repeat
 *
 * Mutations: RESEND keeps the pair until acknowledged, to compute a lost share again; PERSIST restores pairs after a
 * crash. CACHE is no mutation: the same bytes may be sent again.
 */
#define K 2
byte used[4];        /* ghost: context for which the secret of nonce (epoch*K+j) was used; 0 none */
bool avail[K] = true; byte cached[K]; byte epoch = 0;
active proctype signer() { byte j, c;
end: do
  :: atomic { if :: j=0 :: j=1 fi; if :: c=1 :: c=2 :: c=3 fi;
      if :: avail[j] ->
#ifdef RESEND
            skip;
#else
            avail[j] = false; cached[j] = c;
#endif
            assert(used[epoch*K+j]==0 || used[epoch*K+j]==c); used[epoch*K+j] = c
         :: else ->
#ifdef CACHE
            if :: cached[j]==c -> skip /* resend cached bytes, no new computation */ :: else -> skip fi
#else
            skip
#endif
      fi; j=0; c=0 }
  :: atomic { epoch < 1 ->       /* crash + restart */
#ifdef PERSIST
      avail[0]=true; avail[1]=true; cached[0]=0; cached[1]=0
#else
      epoch++; avail[0]=true; avail[1]=true; cached[0]=0; cached[1]=0
#endif
      }
  od }

