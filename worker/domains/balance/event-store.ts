/**
 * Where an event stands. Its id is made from its posting's and has no index of its own: the posting's finds it
 * (`migrations/ledger/0005_fewer_trees.sql`, "telling"). Those from before that migration are found by theirs.
 */

/** SQL for the rows (one or none) of the event whose id `id` stands for: a parameter or a column of the query around. */
export const eventOf = (id: string): string => `(
  SELECT seq, owner, balance_after FROM transfer WHERE id = 'trf_' || substr(${id}, 5) AND seq < posting_seq * 64 AND ${id} GLOB 'bev_*'
  UNION ALL
  SELECT t.seq, t.owner, t.balance_after FROM posting p CROSS JOIN transfer t ON t.posting_seq = p.seq
  WHERE p.id IN ('pst_' || substr(${id}, 5, 24) || '00', 'pst_' || substr(${id}, 5))
    AND t.id = 'trf_' || substr(${id}, 5) AND t.seq >= t.posting_seq * 64 AND ${id} GLOB 'bev_*'
)`;
