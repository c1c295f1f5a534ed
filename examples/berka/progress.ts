/** How far an import has come. */
export type Progress = {
  readonly phase:
    | 'reading'
    | 'customers'
    | 'accounts'
    | 'standing orders'
    | 'loans'
    | 'records'
    | 'transactions';
  readonly done: number;
  readonly total: number;
};

export type OnProgress = (progress: Progress) => void;
