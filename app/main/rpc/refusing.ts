import { type Contracts, contracts } from '../../shared/contracts/index.ts'
import type { AppError } from '../../shared/errors.ts'
import { type Contract, onName } from '../../shared/rpc/contract.ts'
import type { AllHandlers } from './router.ts'

/** A handler for every entry of every contract, all of which refuse. */
export function refusing(refusal: () => AppError): AllHandlers {
  const refuse = () => {
    throw refusal()
  }
  const domain = (contract: Contract) =>
    Object.fromEntries(
      [...Object.keys(contract.calls), ...Object.keys(contract.events).map(onName)].map((key) => [key, refuse]),
    )
  const all = Object.entries(contracts as Contracts).map(([name, contract]) => [name, domain(contract)])
  return Object.fromEntries(all) as AllHandlers
}
