/* Agreement of the protocol (docs/agreement.md) for n = 4, f = 1: no two attested batches at one height.
 *
 * Honest replicas 0..2 are modelled. The fourth replica is Byzantine and the *proposer of every view is adversarial*: it
 * equivocates and shows another NEWVIEW quorum to each replica, a superset of what an honest leader does. Every Byzantine
 * vote and share is always available to the adversary, so:
 *   QC(v,h,d)        a prepare certificate exists  <=>  at least Q_PREP-1 honest PREP(v,h,d)
 *   attested(h,d)    a signature exists            <=>  at least T_SIG-1 honest SHARE in one session, bound to its view
 * The network is asynchronous: a replica acts on anything that exists, at any time or never. A digest d is 1 or 2; the
 * link to the batch before is implied, because att[] is asserted unique.
 *
 * What the code calls the rules below; model_test.py fails when one of these functions is gone:
 *   rule of the model                                             function
 *   QC: Q_PREP = 2f+1 equal votes of one view             @code   threshold/round.cpp Round::certificate
 *   a certificate that somebody shows is checked whole    @code   threshold/certificate.cpp verify_prepare
 *   T_SIG = 2f+1 shares of one session sign               @code   threshold/signing.cpp Signing::aggregate
 *   a session is of one view (mutation CROSSVIEW)         @code   threshold/signing.cpp session_id
 *   time-out: enter a later view, leave the old           @code   threshold/machine_views.cpp Machine::enter
 *   entersnap: the VENTER says tip and lock               @code   threshold/machine_views.cpp Machine::introduce
 *   pickquorum: 2f+1 summaries, the highest tip, its      @code   threshold/view_change.cpp check_new_view
 *     highest lock; a claim needs its certificate
 *   MAYPREP: a locked height takes no other digest        @code   threshold/view_change.cpp check_mandate
 *     (mutation NOLOCKRULE)
 *   one PREP per (view, height) (mutation DOUBLEPREP)     @code   threshold/machine_round.cpp Machine::vote
 *   ... also over a restart: the fence                    @code   threshold/machine_state.hpp fenced
 *   lock, durable, before SHARE (mutation AMNESIA)        @code   threshold/machine_signing.cpp Machine::try_lock
 *   SHARE in the present view only, once                  @code   threshold/machine_signing.cpp Machine::give_shares
 *   ... also when the disk was late                       @code   threshold/machine_views.cpp Machine::on(const Persisted&
 *   learn an attested batch: the lock is void             @code   threshold/machine_sync.cpp Machine::apply
 *   a lock outlives a crash                               @code   threshold/machine_sync.cpp Machine::restore
 *
 * Mutations, each of which must be found out (-D...):
 *   T_SIG=2        threshold f+1 instead of 2f+1
 *   Q_PREP=2       certificates of f+1 votes
 *   NOLOCKRULE     a new view may propose anything
 *   AMNESIA        a replica may forget its lock before it enters a view (crash without fsync)
 *   DOUBLEPREP     a replica may forget its vote inside a view (crash without fence)
 *   SINGLEPHASE    share directly on a proposal; the highest vote is carried into the next view
 *   CROSSVIEW      shares of different views may be combined; takes four views to go wrong
 *                  (the whole of four views is beyond a machine's memory, hence SCRIPT)
 *   SCRIPT         no mutation: only the behaviours of the attack on CROSSVIEW
 *   GST            no mutation: after any asynchronous prefix, a view led by an honest member attests
 * Bounds: NH heights, MAXV views.
 */
#ifndef MAXV
#define MAXV 3
#endif
#ifndef NH
#define NH 2
#endif
#ifndef Q_PREP
#define Q_PREP 3
#endif
#ifndef T_SIG
#define T_SIG 3
#endif
#define FRESH(h) (seen[h]==0)
#define NOV 7                          /* "no lock view" */
#define P(i,v,h)  prep[((i)*MAXV+(v))*NH+(h)-1]
#define S(i,v,h)  shr [((i)*MAXV+(v))*NH+(h)-1]
#define CP(v,h,d) ((P(0,v,h)==(d))+(P(1,v,h)==(d))+(P(2,v,h)==(d)))
#define CS(v,h,d) ((S(0,v,h)==(d))+(S(1,v,h)==(d))+(S(2,v,h)==(d)))
#define QC(v,h,d) (CP(v,h,d) >= Q_PREP-1)

#ifdef SINGLEPHASE
#define CLAIMOK(v,h,d) (true)
#else
#define CLAIMOK(v,h,d) QC(v,h,d)
#endif
byte prep[3*MAXV*NH];  byte shr[3*MAXV*NH];
byte view[3];  byte tip[3];  byte lockv[3]; byte lockd[3];      /* lock is for height tip+1 */
byte nvok[3];  byte nvh[3];  byte nvd[3];
byte sp[3*MAXV]; byte st[3*MAXV]; byte slv[3*MAXV]; byte sld[3*MAXV]; /* VENTER snapshots */
#define X(i,v) ((i)*MAXV+(v))
byte att[3]; bool seen[3];                            /* att[h], h=1..2 */
byte tmp, tmpv, tmpd, tmpT, qa, qb, qc3, u, dd, hh;
bool gst = false;

inline addatt(h,d) {
  assert(att[h]==0 || att[h]==(d));     /* AGREEMENT */
  att[h] = d
}
inline checkatt(v,h,d) {
#ifdef CROSSVIEW
  tmp = 0; u = 0; qa = 0; qb = 0; qc3 = 0;   /* distinct honest signers of d, any view */
  do :: u < MAXV -> if :: S(0,u,h)==d -> qa=1 :: else fi; if :: S(1,u,h)==d -> qb=1 :: else fi; if :: S(2,u,h)==d -> qc3=1 :: else fi; u++ :: else -> break od;
  tmp = qa+qb+qc3; qa=0; qb=0; qc3=0;
  if :: tmp >= T_SIG-1 -> addatt(h,d) :: else -> skip fi;
#else
  if :: CS(v,h,d) >= T_SIG-1 -> addatt(h,d) :: else -> skip fi;
#endif
  tmp=0; u=0
}
/* consider VENTER snapshot of honest j for view w */
inline take(j,w) {
  if :: st[X(j,w)] > tmpT -> tmpT = st[X(j,w)]; tmpv = NOV; tmpd = 0 :: else -> skip fi;
  if :: st[X(j,w)]==tmpT && slv[X(j,w)]!=NOV && (tmpv==NOV || slv[X(j,w)]>tmpv) ->
        tmpv = slv[X(j,w)]; tmpd = sld[X(j,w)]
     :: else -> skip fi
}
inline byzclaim(w) {   /* Byzantine VENTER: nothing, or a really existing tip, or a really existing QC (or any vote if SINGLEPHASE) */
  if :: tmpT < 1 && att[1]!=0 -> tmpT = 1; tmpv = NOV; tmpd = 0
     :: tmpT < 2 && att[2]!=0 -> tmpT = 2; tmpv = NOV; tmpd = 0
     :: true -> skip fi;
  if :: true -> skip
     :: tmpT < NH ->
        u = 0;
        do :: u+1 < w -> u++ :: break od;
        if :: dd = 1 :: dd = 2 fi;
        if :: u < w && CLAIMOK(u,tmpT+1,dd) && (tmpv==NOV || u>tmpv) -> tmpv = u; tmpd = dd
           :: else -> skip fi;
        u = 0; dd = 0
  fi
}
inline pickquorum(w) {      /* 2f+1 = 3 VENTERs out of 4 */
  tmpT = 0; tmpv = NOV; tmpd = 0;
  if :: sp[X(0,w)]&&sp[X(1,w)]&&sp[X(2,w)] -> take(0,w); take(1,w); take(2,w); take(0,w); take(1,w)
     :: sp[X(0,w)]&&sp[X(1,w)] -> take(0,w); take(1,w); take(0,w); byzclaim(w)
     :: sp[X(0,w)]&&sp[X(2,w)] -> take(0,w); take(2,w); take(0,w); byzclaim(w)
     :: sp[X(1,w)]&&sp[X(2,w)] -> take(1,w); take(2,w); take(1,w); byzclaim(w)
  fi
}
#define HAVEQ(w) (sp[X(0,w)]+sp[X(1,w)]+sp[X(2,w)] >= 2)
inline entersnap(i,w) { sp[X(i,w)]=1; st[X(i,w)]=tip[i]; slv[X(i,w)]=lockv[i]; sld[X(i,w)]=lockd[i];
                        view[i]=w; nvok[i]=0; nvh[i]=0; nvd[i]=0 }
#define H(i) (tip[i]+1)
/* node-symmetry breaking: replicas are labelled in the order of their first action */
#define ACT(i) (view[i]!=0 || tip[i]!=0 || P(i,0,1)!=0 || S(i,0,1)!=0)
#define G(i) (!gst && (i==0 || (i==1 && ACT(0)) || (i==2 && ACT(1))))
/* SCRIPT: replica 0 acts in views 0, 2, 3, replica 1 in 0, 1, 2, replica 2 in 1, 3, and nobody in a view after somebody
 * has acted in a later one. Fewer behaviours than all, so what goes wrong here goes wrong in the whole model. */
#ifdef SCRIPT
byte top;
#define ROLE(i) (i==0 -> view[i]!=1 : (i==1 -> view[i]!=3 : view[i]==1 || view[i]==3))
#define W(i) (G(i) && view[i] >= top && ROLE(i))
#define ACTED(i) top = view[i]
#else
#define W(i) G(i)
#define ACTED(i) skip
#endif
#define MAYPREP(i,d) (H(i)<=NH && P(i,view[i],H(i))==0 && nvok[i] && H(i)>=nvh[i] && (H(i)>nvh[i] || nvd[i]==0 || nvd[i]==(d)))

proctype honest(byte i) {
  byte d;
end:
  do
  :: atomic { G(i) && view[i] < MAXV-1 ->                                     /* time-out: enter next view */
#ifdef AMNESIA
       if :: lockv[i]=NOV; lockd[i]=0 :: skip fi;
#endif
       tmp = view[i]+1; entersnap(i,tmp); tmp = 0 }
  :: atomic { G(i) && view[i] < MAXV-2 -> tmp = view[i]+2; entersnap(i,tmp); tmp = 0 }
  :: atomic { W(i) && nvok[i]==0 && HAVEQ(view[i]) ->                       /* accept NEW-VIEW proof */
       pickquorum(view[i]); nvok[i]=1; nvh[i]=tmpT+1;
#ifdef NOLOCKRULE
       nvd[i]=0;
#else
       nvd[i]=tmpd;
#endif
       tmpT=0; tmpv=0; tmpd=0; ACTED(i) }
  :: atomic { G(i) && tip[i] < NH && att[tip[i]+1]!=0 -> tip[i]++; lockv[i]=NOV; lockd[i]=0 }  /* learn attested batch */
#ifdef SINGLEPHASE
  :: atomic { G(i) && H(i)<=NH && S(i,view[i],H(i))==0 ->
       if :: d=1 :: d=2 fi;
       if :: MAYPREP(i,d) && (d==1 || !FRESH(H(i))) -> seen[H(i)]=1; S(i,view[i],H(i)) = d; P(i,view[i],H(i)) = d; lockv[i]=view[i]; lockd[i]=d; checkatt(view[i],H(i),d)
          :: else -> skip fi; d=0 }
#else
  :: atomic { W(i) && MAYPREP(i,1) -> ACTED(i); P(i,view[i],H(i)) = 1; seen[H(i)]=1 }                /* Prepare(v,h,d) once per (v,h) */
  :: atomic { W(i) && MAYPREP(i,2) && !FRESH(H(i)) -> ACTED(i); P(i,view[i],H(i)) = 2 }
#ifdef DOUBLEPREP
  :: atomic { G(i) && H(i)<=NH && nvok[i] && P(i,view[i],H(i))!=0 && S(i,view[i],H(i))==0 ->
       /* forgot the vote: adversary still holds it; give the *other* digest a certificate if it can */
       hh = H(i); d = 3-P(i,view[i],hh);
       if :: (nvd[i]==0 || hh>nvh[i]) && CP(view[i],hh,d) >= Q_PREP-2 && CP(view[i],hh,3-d) >= Q_PREP-1 ->
              lockv[i]=view[i]; lockd[i]=d; S(i,view[i],hh)=d; P(i,view[i],hh)=d
          :: else -> skip fi; hh=0; d=0 }
#endif
  :: atomic { W(i) && H(i)<=NH && S(i,view[i],H(i))==0 && QC(view[i],H(i),1) -> ACTED(i);  /* lock (fsync) then Share */
       lockv[i]=view[i]; lockd[i]=1; S(i,view[i],H(i))=1; checkatt(view[i],H(i),1) }
  :: atomic { W(i) && H(i)<=NH && S(i,view[i],H(i))==0 && QC(view[i],H(i),2) -> ACTED(i);
       lockv[i]=view[i]; lockd[i]=2; S(i,view[i],H(i))=2; checkatt(view[i],H(i),2) }
#endif
  od
}

#ifdef GST
/* After GST: honest nodes synchronise (learn what anyone attested), enter a fresh view led by an honest
 * leader, which takes ANY quorum of 3 VENTERs.  Its proposal must be acceptable to all honest, and attested. */
proctype aftergst() {
  byte k; byte tgt;
endg: atomic { view[0]<MAXV-1 && view[1]<MAXV-1 && view[2]<MAXV-1 -> gst = true;
    k = 0; do :: k<3 -> do :: tip[k]<NH && att[tip[k]+1]!=0 -> tip[k]++; lockv[k]=NOV; lockd[k]=0 :: else -> break od; k++ :: else -> break od;
    k = 0; do :: k<3 -> entersnap(k,MAXV-1); k++ :: else -> break od;
    pickquorum(MAXV-1);
    assert(tmpT == tip[0] || tmpT < tip[0]);
    /* synced honest leader works on its own tip (>= quorum tip); lock only binds at height tmpT+1 */
    if :: tip[0] < NH ->
         tgt = tip[0]+1;
         if :: tmpT==tip[0] && tmpd!=0 -> dd = tmpd :: else -> if :: dd=1 :: dd=2 fi fi;
         k = 0; do :: k<3 -> nvok[k]=1; nvh[k]=tmpT+1; nvd[k]=tmpd; k++ :: else -> break od;
         k = 0; do :: k<3 -> assert(tip[k]+1==tgt); assert(MAYPREP(k,dd)); P(k,MAXV-1,tgt)=dd; k++ :: else -> break od;
         assert(QC(MAXV-1,tgt,dd));
         k = 0; do :: k<3 -> S(k,MAXV-1,tgt)=dd; k++ :: else -> break od;
         addatt(tgt,dd); assert(att[tgt]==dd)
       :: else -> skip fi;
    assert(att[1]!=0) }
}
#endif
init { atomic {
  byte k = 0;
  do :: k<3 -> lockv[k]=NOV; nvok[k]=1; nvh[k]=1; k++ :: else -> break od;   /* view 0: genesis NEW-VIEW */
  k = 0; do :: k<3*MAXV -> slv[k]=NOV; k++ :: else -> break od;
  run honest(0); run honest(1); run honest(2);
#ifdef GST
  run aftergst();
#endif
} }
