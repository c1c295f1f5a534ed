import type { LoanAnswerView } from '#features/loans/schemas.ts';
import { created, type TestApi } from '#test/support/api.ts';
import type { Prepare } from './bank-acts.ts';

/** What is corrected on a loan, who stands for it, and what secures it. */
export function loanActs(
  api: TestApi,
  newLoan: () => Promise<LoanAnswerView>,
): Readonly<Record<string, Prepare>> {
  const charge = (id: string) =>
    api.pay<LoanAnswerView>(`/v1/loans/${id}/charges`, { amount: '10.00', reason: 'Copy of the contract' });
  const addParty = async () => {
    const [{ id }, { id: customerId }] = [await newLoan(), await api.newCustomer()];
    return {
      id,
      customerId,
      act: () => api.pay(`/v1/loans/${id}/parties`, { customerId, role: 'guarantor' }),
    };
  };
  const addCollateral = async () => {
    const { id } = await newLoan();
    const body = { kind: 'vehicle', description: 'A van', value: '900.00', valuedOn: '2026-01-10' };
    return { id, act: () => api.pay(`/v1/loans/${id}/collateral`, body) };
  };
  return {
    chargeLoan: async () => {
      const { id } = await newLoan();
      return () => charge(id);
    },
    waiveLoan: async () => {
      const { id } = await newLoan();
      created(await charge(id));
      return () => api.pay(`/v1/loans/${id}/waive`, { part: 'fees', reason: 'Goodwill' });
    },
    undoLoanTransaction: async () => {
      const { id } = await newLoan();
      const { transaction } = created(await charge(id));
      return () => api.pay(`/v1/loans/${id}/transactions/${transaction?.number}/undo`, { reason: 'Mistake' });
    },
    addLoanParty: async () => (await addParty()).act,
    removeLoanParty: async () => {
      const { id, customerId, act } = await addParty();
      created(await act());
      return () => api.pay(`/v1/loans/${id}/parties/remove`, { customerId });
    },
    addLoanCollateral: async () => (await addCollateral()).act,
    releaseLoanCollateral: async () => {
      const { id, act } = await addCollateral();
      created(await act());
      return () => api.pay(`/v1/loans/${id}/collateral/1/release`, { reason: 'Replaced' });
    },
  };
}
