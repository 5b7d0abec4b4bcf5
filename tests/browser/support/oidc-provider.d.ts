// It has no types of its own; what of it is used here is not worth others.
declare module 'oidc-provider' {
  export class Provider {
    constructor(issuer: string, configuration: object);
    [member: string]: any;
  }
}
